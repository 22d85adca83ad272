package import API
package import Jobs
package import Scheduling
import Synchronization

/// Why the queued jobs wait, as the last scheduling pass said.
package final class PendingBoard: Sendable {
    private struct State {
        var outlook: QueueOutlook?
        var isDiskFull = false
    }

    private let state = Mutex(State())

    /// No pass has been made.
    package init() {}

    /// Why a job waits; nil when the last pass did not see it.
    /// - Parameter position: Its position in the queue, from 1.
    package func view(of job: Snapshot.Waiting, position: Int, now: Timestamp) -> PendingView? {
        let (pending, isDiskFull) = state.withLock { state in
            (state.outlook?.pending(job, position: position, now: now), state.isDiskFull)
        }
        guard isDiskFull, !Self.ownReasons.contains(where: { $0 == pending?.reason }) else {
            return pending.map { PendingView($0) }
        }
        return PendingView(reason: .diskFull, position: position)
    }

    /// What keeps a job from starting whether or not the disk is full.
    private static let ownReasons: [PendingReason] = [.held, .cannotFit, .draining]

    /// Takes over what a pass said.
    package func replace(with outlook: QueueOutlook) { state.withLock { $0 = State(outlook: outlook) } }

    /// Nothing is started until the next pass has said what waits, as the store takes no commits.
    package func stopForFullDisk() { state.withLock { $0.isDiskFull = true } }
}
