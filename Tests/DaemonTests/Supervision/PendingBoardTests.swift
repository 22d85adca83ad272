import API
import Daemon
import Jobs
import Scheduling
import Testing

@Suite struct PendingBoardTests {
    private let now = Timestamp(seconds: 100)

    private func job(retryAt: Timestamp? = nil, isHeld: Bool = false) -> Snapshot.Waiting {
        Snapshot.Waiting(
            job: JobID(milliseconds: 1, random: (0, 1)), priority: 0, slice: nil, retryAt: retryAt, isHeld: isHeld)
    }

    private func outlook() throws -> QueueOutlook {
        let snapshot = Snapshot(pod: try Pod(parsing: "v2-8"), workerLimit: 1)
        return QueueOutlook(after: Scheduler.plan(snapshot, now: now), of: snapshot)
    }

    @Test func aFullDiskIsWhyEveryReadyJobWaits() throws {
        let board = PendingBoard()
        board.stopForFullDisk()
        #expect(board.view(of: job(), position: 3, now: now).reason == .diskFull)
        #expect(board.view(of: job(), position: 3, now: now).position == 3)
        board.replace(with: try outlook())
        #expect(board.view(of: job(), position: 1, now: now).reason == .scheduling)
        board.stopForFullDisk()
        #expect(board.view(of: job(), position: 1, now: now).reason == .diskFull)
    }

    @Test func whatNoPassHasSeenWaitsForTheNext() throws {
        let board = PendingBoard()
        #expect(board.view(of: job(), position: 7, now: now) == PendingView(reason: .scheduling, position: 7))
        board.replace(with: try outlook())
        #expect(board.view(of: job(), position: 7, now: now) == PendingView(reason: .scheduling, position: 7))
        #expect(board.view(of: job(isHeld: true), position: 7, now: now).reason == .held)
    }

    /// What is made of what it says is made anew when the count has grown, and not for every pass.
    @Test func itCountsWhatChangesWhatItSays() throws {
        let board = PendingBoard()
        let outlook = try outlook()
        var counts = [board.changes]
        for change in [
            { board.replace(with: outlook) }, { board.replace(with: outlook) }, { board.stopForFullDisk() },
            { board.replace(with: outlook) },
        ] {
            change()
            counts.append(board.changes)
        }
        #expect(counts == [0, 1, 1, 2, 3])
    }

    @Test func whatWaitsForItselfSaysSo() throws {
        let board = PendingBoard()
        board.replace(with: try outlook())
        board.stopForFullDisk()
        #expect(board.view(of: job(isHeld: true), position: 1, now: now).reason == .held)
        let later = now.advanced(bySeconds: 5)
        #expect(board.view(of: job(retryAt: later), position: 1, now: now).reason == .diskFull)
    }
}
