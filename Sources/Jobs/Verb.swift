/// What the owner of a job may ask of it (`POST /v1/jobs/{id}/<verb>`).
package enum Verb: String, CaseIterable, Hashable, Sendable {
    /// End it, with a last checkpoint.
    case cancel
    /// End it now.
    case kill
    /// Put it aside, with a last checkpoint.
    case pause
    /// Take it up again.
    case resume
    /// Write a checkpoint and go on.
    case checkpoint
}
