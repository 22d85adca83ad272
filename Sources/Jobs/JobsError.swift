/// What can be wrong about the values of this target.
package enum JobsError: Error, Hashable, Sendable {
    /// A pod that can't be: its name and a sentence.
    case pod(name: String, detail: String)
    /// A number of shards that no slice has.
    case shards(Int)
}

extension JobsError: CustomStringConvertible {
    /// One sentence for people.
    package var description: String {
        switch self {
        case .pod(let name, let detail): "pod \"\(name)\": \(detail)"
        case .shards(let count):
            "a slice has 1 to 8 cores of one host or whole hosts of 8 (a multiple of 8), not \(count)"
        }
    }
}
