/// Who may ask for an operation, where the daemon has tokens; where it has none, everybody may ask for all of them.
package enum Admission: Hashable, Sendable {
    /// Everybody, also without a token: probes of load balancers have none, and the page's own files tell nothing of jobs.
    case everybody
    /// Whoever has this role, or one that may do more.
    case role(Role)
    /// A submitter for jobs that are its own, an operator for all.
    case owner

    /// The least role that may ask, if only for jobs of its own; nil where nobody needs one.
    package var least: Role? {
        switch self {
        case .everybody: nil
        case .role(let role): role
        case .owner: .submitter
        }
    }

    /// Whether somebody of this role may ask about a job.
    /// - Parameter isOwner: Whether the job is its own.
    package func admits(_ role: Role, isOwner: Bool) -> Bool {
        switch self {
        case .everybody: true
        case .role(let least): role >= least
        case .owner: role >= (isOwner ? Role.submitter : .operator)
        }
    }

    /// What the reference says of it.
    package var words: String {
        switch self {
        case .everybody: "everybody, without a token"
        case .role(let role): role == .admin ? role.words : "\(role.words) or more"
        case .owner: "\(Role.submitter.words) for jobs of its own, \(Role.operator.words) for all"
        }
    }
}
