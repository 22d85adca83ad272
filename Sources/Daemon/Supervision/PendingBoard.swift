package import API
package import Jobs
import Synchronization

/// Why the queued jobs wait, as the last scheduling pass said.
package final class PendingBoard: Sendable {
    private let views = Mutex<[JobID: PendingView]>([:])

    /// Nothing waits.
    package init() {}

    /// Why a job waits; nil when the last pass did not see it.
    package subscript(id: JobID) -> PendingView? { views.withLock { $0[id] } }

    /// Takes over what a pass said.
    package func replace(with views: [JobID: PendingView]) { self.views.withLock { $0 = views } }
}
