package import API
package import Jobs
package import Scheduling
import Synchronization

/// Why the queued jobs wait, as the last scheduling pass said.
package final class PendingBoard: Sendable {
    private struct State {
        var outlook: QueueOutlook?
        var isDiskFull = false
        var changes: UInt64 = 0
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

    /// How often it has changed what it says: as long as this is the same, it says the same, but for back-offs that end.
    package var changes: UInt64 { state.withLock { $0.changes } }

    /// Takes over what a pass said.
    package func replace(with outlook: QueueOutlook) {
        state.withLock { state in
            guard state.isDiskFull || state.outlook != outlook else { return }
            state = State(outlook: outlook, changes: state.changes + 1)
        }
    }

    /// Nothing is started until the next pass has said what waits, as the store takes no commits.
    package func stopForFullDisk() {
        state.withLock { state in
            state.isDiskFull = true
            state.changes += 1
        }
    }
}
