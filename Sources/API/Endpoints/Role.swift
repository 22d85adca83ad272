/// What whoever bears a token may do. Each role may do all that those before it may.
package enum Role: String, CaseIterable, Comparable, Hashable, Sendable {
    /// Reads everything and changes nothing.
    case viewer
    /// Submits jobs, and asks things of those that are its own.
    case submitter
    /// Asks things of every job and of every host.
    case `operator`
    /// Does whatever the daemon can be asked.
    case admin

    /// Whether one role may do less than another.
    package static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }

    /// The role with its article, for messages.
    package var words: String {
        switch self {
        case .viewer: "a viewer"
        case .submitter: "a submitter"
        case .operator: "an operator"
        case .admin: "an admin"
        }
    }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .submitter: 1
        case .operator: 2
        case .admin: 3
        }
    }
}
