package import API
package import Jobs
package import Scheduling
import Synchronization

/// Why the queued jobs wait, as the last scheduling pass said.
package final class PendingBoard: Sendable {
    private let outlook = Mutex<QueueOutlook?>(nil)

    /// No pass has been made.
    package init() {}

    /// Why a job waits; nil when the last pass did not see it.
    /// - Parameter position: Its place in the queue, from 1.
    package func view(of job: Snapshot.Waiting, position: Int, now: Timestamp) -> PendingView? {
        outlook.withLock { $0?.pending(job, position: position, now: now) }.map { PendingView($0) }
    }

    /// Takes over what a pass said.
    package func replace(with outlook: QueueOutlook) { self.outlook.withLock { $0 = outlook } }
}
