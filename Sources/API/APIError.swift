package import Formats

/// What can be wrong with bytes that crossed the wire.
package enum APIError: Error, Hashable, Sendable {
    /// An answer lacks a member or has one of another type.
    case unexpected(JSONPointer, detail: String)
    /// A query parameter that the endpoint does not know, with the nearest that it does.
    case unknownParameter(String, nearest: String?)
    /// A query parameter with a value that it can't have.
    case malformedParameter(String, detail: String)
}

extension APIError: CustomStringConvertible {
    /// One sentence for people.
    package var description: String {
        switch self {
        case .unexpected(let pointer, let detail): "the answer's \"\(pointer)\" \(detail)"
        case .unknownParameter(let name, let nearest):
            "the query parameter \"\(name)\" is not known here" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
        case .malformedParameter(let name, let detail): "the query parameter \"\(name)\" \(detail)"
        }
    }
}
