import Jobs
import Scheduling
import Testing

@Suite struct QueueOutlookTests {
    private static let now = SchedulerTests.now

    /// The outlook of a pod of eight cores on which one job holds all and the job with the number 2 is the first to wait.
    private func outlook(_ change: (inout Snapshot) -> Void = { _ in }) throws -> QueueOutlook {
        var snapshot = Snapshot(pod: try Pod(parsing: "v2-8"), workerLimit: 10)
        snapshot.running = [SchedulerTests.holding(1, [0: 0..<8])]
        snapshot.waiting = [SchedulerTests.waiting(2, 8)]
        change(&snapshot)
        return QueueOutlook(after: Scheduler.plan(snapshot, now: Self.now), of: snapshot)
    }

    @Test func theHeadHasItsOwnReasonAndTheOthersWaitForIt() throws {
        let outlook = try outlook()
        let head = outlook.pending(SchedulerTests.waiting(2, 8), position: 4, now: Self.now)
        #expect(
            head
                == Plan.Pending(
                    job: SchedulerTests.id(2), reason: .coresBusy, position: 4, blocking: [SchedulerTests.id(1)],
                    earliestStart: nil))
        let other = outlook.pending(SchedulerTests.waiting(3, 1), position: 5, now: Self.now)
        #expect(
            other
                == Plan.Pending(
                    job: SchedulerTests.id(3), reason: .priority, position: 5, blocking: [SchedulerTests.id(2)],
                    earliestStart: nil))
    }

    /// The pass has not seen it: it would be the head.
    @Test func aJobBeforeTheHeadIsLookedAtNext() throws {
        let outlook = try outlook { $0.waiting = [SchedulerTests.waiting(5, 8, priority: 3)] }
        for (age, priority, reason) in [(9, 4, nil), (4, 3, nil), (6, 3, .priority), (4, 2, .priority)]
            as [(Int, Int, PendingReason?)]
        {
            let job = SchedulerTests.waiting(age, 1, priority: priority)
            #expect(outlook.pending(job, position: 1, now: Self.now)?.reason == reason, "\(age) \(priority)")
        }
    }

    @Test func whatAJobHasOfItselfComesFirst() throws {
        let outlook = try outlook { $0.isDraining = true }
        func reason(_ shards: Int?, retryIn: Double? = nil, isHeld: Bool = false) -> PendingReason? {
            var job = SchedulerTests.waiting(9, shards, retryIn: retryIn)
            job.isHeld = isHeld
            return outlook.pending(job, position: 1, now: Self.now)?.reason
        }
        #expect(reason(16, retryIn: 5, isHeld: true) == .held)
        #expect(reason(16, retryIn: 5) == .cannotFit)
        #expect(reason(8, retryIn: 5) == .retryBackoff)
        #expect(reason(8) == .draining)
        #expect(reason(nil) == .draining)
    }

    @Test func aBackoffIsOneUntilItsMoment() throws {
        let outlook = try outlook()
        let job = SchedulerTests.waiting(9, 8, retryIn: 5)
        let waits = try #require(outlook.pending(job, position: 1, now: Self.now))
        #expect((waits.reason, waits.earliestStart) == (.retryBackoff, Self.now.advanced(bySeconds: 5)))
        let before = outlook.pending(job, position: 1, now: Self.now.advanced(bySeconds: 4.999_999))
        #expect(before?.reason == .retryBackoff)
        let after = outlook.pending(job, position: 1, now: Self.now.advanced(bySeconds: 5))
        #expect((after?.reason, after?.earliestStart) == (.priority, nil))
    }

    @Test func whereNobodyWaitsAJobStartsNext() throws {
        let outlook = try outlook { snapshot in
            snapshot.running = []
            snapshot.waiting = []
        }
        #expect(outlook.pending(SchedulerTests.waiting(3, 8), position: 1, now: Self.now) == nil)
        #expect(outlook.pending(SchedulerTests.waiting(3, 16), position: 1, now: Self.now)?.reason == .cannotFit)
    }
}
