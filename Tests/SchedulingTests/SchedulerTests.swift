import Jobs
import Scheduling
import Testing

@Suite struct SchedulerTests {
    static let now = Timestamp(microseconds: 1_700_000_000_000_000)

    static func id(_ age: Int) -> JobID { JobID(milliseconds: UInt64(age), random: (0, 0)) }

    static func waiting(_ age: Int, _ shards: Int?, priority: Int = 0, retryIn: Double? = nil) -> Snapshot.Waiting {
        Snapshot.Waiting(
            job: id(age), priority: priority, slice: shards.flatMap { try? Slice(shards: $0) },
            retryAt: retryIn.map { now.advanced(bySeconds: $0) })
    }

    static func holding(_ age: Int, _ hosts: [Int: Range<Int>]) -> Snapshot.Holding {
        Snapshot.Holding(
            job: id(age),
            placement: Placement(
                slice: nil,
                hosts: hosts.sorted { $0.key < $1.key }.map { Placement.Host(host: $0.key, cores: Array($0.value)) }))
    }

    private func snapshot(_ pod: String, workers: Int = 100) throws -> Snapshot {
        Snapshot(pod: try Pod(parsing: pod), workerLimit: workers)
    }

    private func plan(_ snapshot: Snapshot) -> Plan { Scheduler.plan(snapshot, now: Self.now) }

    @Test func priorityThenAge() throws {
        var snapshot = try snapshot("v2-8")
        snapshot.waiting = [Self.waiting(1, 4), Self.waiting(3, 2, priority: 5), Self.waiting(2, 2, priority: 5)]
        let plan = plan(snapshot)
        #expect(plan.starts.map(\.job) == [2, 3, 1].map(Self.id))
        #expect(
            plan.starts.map(\.placement.hosts) == [
                [Placement.Host(host: 0, cores: [0, 1])], [Placement.Host(host: 0, cores: [2, 3])],
                [Placement.Host(host: 0, cores: [4, 5, 6, 7])],
            ])
        #expect(plan.pending.isEmpty)
    }

    @Test func theHeadOfTheLineHoldsBackWhatIsBehindIt() throws {
        var snapshot = try snapshot("v2-8")
        snapshot.running = [Self.holding(1, [0: 0..<2])]
        snapshot.waiting = [Self.waiting(2, 8), Self.waiting(3, 1), Self.waiting(4, nil)]
        let plan = plan(snapshot)
        #expect(plan.starts == [Plan.Start(job: Self.id(4), placement: .cpu)])
        #expect(
            plan.pending == [
                Plan.Pending(
                    job: Self.id(2), reason: .coresBusy, position: 1, blocking: [Self.id(1)], earliestStart: nil),
                Plan.Pending(
                    job: Self.id(3), reason: .priority, position: 2, blocking: [Self.id(2)], earliestStart: nil),
            ])
    }

    @Test func aJobWithoutCoresLeavesAPlaceForTheHead() throws {
        var snapshot = try snapshot("v2-8", workers: 2)
        snapshot.running = [Self.holding(1, [0: 0..<2])]
        snapshot.waiting = [Self.waiting(2, 8), Self.waiting(4, nil)]
        #expect(plan(snapshot).pending.map(\.reason) == [.coresBusy, .priority])
    }

    @Test func theWorkerLimit() throws {
        var snapshot = try snapshot("v2-8", workers: 2)
        snapshot.running = [Self.holding(1, [0: 0..<1])]
        snapshot.waiting = [Self.waiting(2, nil), Self.waiting(3, 1), Self.waiting(4, nil)]
        let plan = plan(snapshot)
        #expect(plan.starts.map(\.job) == [Self.id(2)])
        #expect(plan.pending.map(\.reason) == [.workerLimit, .priority])
        #expect(plan.pending[0].blocking == [Self.id(1), Self.id(2)])
    }

    @Test func aBackoffHoldsNobodyBackAndSaysWhenItEnds() throws {
        var snapshot = try snapshot("v2-8")
        snapshot.waiting = [
            Self.waiting(1, 8, priority: 9, retryIn: 5), Self.waiting(2, 8, retryIn: 0), Self.waiting(3, 8, retryIn: 3),
        ]
        let plan = plan(snapshot)
        #expect(plan.starts.map(\.job) == [Self.id(2)])
        #expect(plan.pending.map(\.reason) == [.retryBackoff, .retryBackoff])
        #expect(plan.pending[0].earliestStart == Self.now.advanced(bySeconds: 5))
        #expect(plan.wakeAt == Self.now.advanced(bySeconds: 3))
    }

    @Test func hostsThatAreNotUpTakeNothing() throws {
        var snapshot = try snapshot("v3-32")
        snapshot.hosts = [.draining, .up, .down, .up]
        snapshot.waiting = [Self.waiting(1, 16), Self.waiting(2, 8)]
        let plan = plan(snapshot)
        #expect(plan.starts.map { $0.placement.hosts.map(\.host) } == [[1, 3]])
        #expect(plan.pending.map(\.reason) == [.hostUnavailable])
    }

    @Test func partsOfHostsAreTakenWhereTheyFitBest() throws {
        var snapshot = try snapshot("v3-32")
        snapshot.running = [Self.holding(1, [1: 0..<5]), Self.holding(2, [2: 0..<3])]
        snapshot.waiting = [Self.waiting(3, 3), Self.waiting(4, 16)]
        let plan = plan(snapshot)
        #expect(plan.starts.map { $0.placement.hosts.map(\.host) } == [[1], [0, 3]])
        #expect(plan.starts[0].placement.hosts[0].cores == [5, 6, 7])
    }

    @Test func whatNeverFitsIsNamedAndHoldsNobodyBack() throws {
        var snapshot = try snapshot("v2-8")
        snapshot.waiting = [Self.waiting(1, 16), Self.waiting(2, 8)]
        let plan = plan(snapshot)
        #expect(plan.pending.map(\.job) == [Self.id(1)])
        #expect(plan.pending.map(\.reason) == [.cannotFit])
        #expect(plan.starts.map(\.job) == [Self.id(2)])
    }

    @Test func whatIsHeldDoesNotStartAndHoldsNobodyBack() throws {
        var snapshot = try snapshot("v2-8")
        snapshot.waiting = [Self.waiting(1, 8), Self.waiting(2, 8)]
        snapshot.waiting[0].isHeld = true
        let plan = plan(snapshot)
        #expect(plan.pending.map(\.job) == [Self.id(1)])
        #expect(plan.pending.map(\.reason) == [.held])
        #expect(plan.starts.map(\.job) == [Self.id(2)])
    }

    @Test func aDrainingDaemonStartsNothing() throws {
        var snapshot = try snapshot("v2-8")
        snapshot.isDraining = true
        snapshot.waiting = [Self.waiting(1, 1), Self.waiting(2, nil)]
        #expect(plan(snapshot).pending.map(\.reason) == [.draining, .draining])
        #expect(plan(snapshot).starts.isEmpty)
    }
}
