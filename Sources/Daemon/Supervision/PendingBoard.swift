package import API
package import Jobs
package import Scheduling
import Synchronization

/// Why the queued jobs wait, as the last scheduling pass said.
package final class PendingBoard: Sendable {
    /// What it says at a moment, of any number of jobs.
    package struct Notice: Sendable {
        fileprivate var outlook: QueueOutlook?
        fileprivate var isDiskFull = false

        /// Why a job waits. One that the last pass did not see waits for the next one.
        /// - Parameter position: Its position in the queue, from 1.
        package func view(of job: Snapshot.Waiting, position: Int, now: Timestamp) -> PendingView {
            let pending = outlook?.pending(job, position: position, now: now)
            if isDiskFull, !Self.ownReasons.contains(where: { $0 == pending?.reason }) {
                return PendingView(reason: .diskFull, position: position)
            }
            return pending.map { PendingView($0) } ?? PendingView(reason: .scheduling, position: position)
        }

        /// What keeps a job from starting whether or not the disk is full.
        private static let ownReasons: [PendingReason] = [.held, .cannotFit, .draining]
    }

    private struct State {
        var notice = Notice()
        var changes: UInt64 = 0
    }

    private let state = Mutex(State())

    /// No pass has been made.
    package init() {}

    /// What it says now.
    package var notice: Notice { state.withLock { $0.notice } }

    /// As `notice.view`, of one job.
    package func view(of job: Snapshot.Waiting, position: Int, now: Timestamp) -> PendingView {
        notice.view(of: job, position: position, now: now)
    }

    /// How often it has changed what it says: as long as this is the same, it says the same, but for back-offs that end.
    package var changes: UInt64 { state.withLock { $0.changes } }

    /// Takes over what a pass said.
    package func replace(with outlook: QueueOutlook) {
        state.withLock { state in
            guard state.notice.isDiskFull || state.notice.outlook != outlook else { return }
            state = State(notice: Notice(outlook: outlook), changes: state.changes + 1)
        }
    }

    /// Nothing is started until the next pass has said what waits, as the store takes no commits.
    package func stopForFullDisk() {
        state.withLock { state in
            state.notice.isDiskFull = true
            state.changes += 1
        }
    }
}
