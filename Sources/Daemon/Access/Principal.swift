package import API
import Jobs
package import Store

/// Who asks.
package struct Principal: Hashable, Sendable {
    /// The owner of the jobs that it submits.
    package let name: String
    /// What it may do.
    package let role: Role
    /// The id of the token that says so; nil for one that needs none.
    package let token: String?

    /// Everybody, where the daemon has no tokens.
    package static let anonymous = Principal(name: "anonymous", role: .admin, token: nil)

    /// Whoever bears a token.
    package init(_ token: Token) { self.init(name: token.name, role: token.role, token: token.id) }

    /// A process of root or of the daemon's own user, at the other end of the Unix socket: it could take the daemon's place.
    package init(user: UInt32) { self.init(name: "uid:\(user)", role: .admin, token: nil) }

    /// Throws unless it may ask something of a job.
    /// - Throws: `Problem` of 403 that names the owner.
    package func requireRight(to job: JobRecord) throws(Problem) {
        try requireRight(to: "Job \(job.id)", of: job.owner)
    }

    /// Throws unless it may ask something of what belongs to somebody.
    /// - Parameter what: With a capital letter, for the message.
    /// - Throws: `Problem` of 403 that names the owner.
    package func requireRight(to what: String, of owner: String) throws(Problem) {
        guard !Admission.owner.admits(role, isOwner: owner == name) else { return }
        throw Problem(
            .notOwner,
            detail: "\(what) belongs to \(owner), and \(name) is \(role.words): this is for "
                + Admission.owner.words)
    }

    private init(name: String, role: Role, token: String?) {
        self.name = name
        self.role = role
        self.token = token
    }
}
