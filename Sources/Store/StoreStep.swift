/// Where a fault can be injected: one place for every effect of the store.
package enum StoreStep: String, CaseIterable, Hashable, Sendable {
    /// Before a batch's transaction begins.
    case begin
    /// Between one request of a batch and the next.
    case request
    /// Before a batch's transaction commits.
    case commit
    /// After it has committed, before anybody is told.
    case committed
    /// Before a backup is renamed to its name.
    case backup
    /// After an opening has committed its generation, before the marker says so.
    case marker
    /// Before a closing marks the database as clean.
    case clean
    /// Before the log of writes is checkpointed because it has grown.
    case checkpoint
}

/// A fault that a test injects: it throws, or ends the process, at the step of its choice. It runs on the writer, at an
/// opening on the caller's thread.
package typealias StoreFault = @Sendable (StoreStep) throws(StoreError) -> Void
