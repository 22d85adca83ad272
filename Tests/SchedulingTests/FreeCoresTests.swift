import Jobs
import Scheduling
import Testing
import TestSupport

/// Which cores a job gets, seen through the placements of plans.
@Suite struct FreeCoresTests {
    /// Where a job of so many shards goes on a pod where jobs hold these cores; nil when it has to wait.
    private static func place(
        _ shards: Int, on pod: String, holding: [[Int: Range<Int>]] = [], hosts: [Int: HostState] = [:]
    ) throws -> [Placement.Host]? {
        var snapshot = Snapshot(pod: try Pod(parsing: pod), workerLimit: 1000)
        for (host, state) in hosts { snapshot.hosts[host] = state }
        snapshot.running = holding.enumerated().map { SchedulerTests.holding($0.offset + 1, $0.element) }
        snapshot.waiting = [SchedulerTests.waiting(100, shards)]
        return Scheduler.plan(snapshot, now: SchedulerTests.now).starts.first?.placement.hosts
    }

    private static func host(_ number: Int, _ cores: some Sequence<Int>) -> Placement.Host {
        Placement.Host(host: number, cores: Array(cores))
    }

    @Test func partOfAHostComesFromTheFullestThatSuffices() throws {
        let holding = [[0: 0..<1], [1: 0..<4], [2: 0..<6]]
        #expect(try Self.place(2, on: "v3-32", holding: holding) == [Self.host(2, 6..<8)])
        #expect(try Self.place(3, on: "v3-32", holding: holding) == [Self.host(1, 4..<7)])
        #expect(try Self.place(5, on: "v3-32", holding: holding) == [Self.host(0, 1..<6)])
        #expect(try Self.place(8, on: "v3-32", holding: holding) == [Self.host(3, 0..<8)])
        #expect(try Self.place(16, on: "v3-32", holding: holding) == nil)
    }

    @Test func theLowestNumberIsTakenAmongEquals() throws {
        #expect(try Self.place(1, on: "v3-32") == [Self.host(0, [0])])
        #expect(try Self.place(16, on: "v3-32", holding: [[1: 7..<8]]) == [Self.host(0, 0..<8), Self.host(2, 0..<8)])
    }

    @Test func coresWithHolesAreFilledFromTheLowest() throws {
        #expect(try Self.place(3, on: "v2-8", holding: [[0: 1..<3], [0: 4..<5]]) == [Self.host(0, [0, 3, 5])])
    }

    @Test(arguments: [HostState.draining, .down])
    func aHostThatIsNotUpGivesNothing(state: HostState) throws {
        #expect(try Self.place(1, on: "2x8", hosts: [0: state]) == [Self.host(1, [0])])
        #expect(try Self.place(16, on: "2x8", hosts: [0: state]) == nil)
    }

    /// The pod was made smaller while jobs held cores of it.
    @Test func coresOutsideThePodArePassedOver() throws {
        #expect(try Self.place(2, on: "1x2", holding: [[0: 2..<8, 5: 0..<8]]) == [Self.host(0, 0..<2)])
    }

    /// A job waits for cores where others hold them, and for a host where its cores would be free.
    @Test func whatIsMissingIsTold() throws {
        var snapshot = Snapshot(pod: try Pod(parsing: "2x8"), workerLimit: 10)
        snapshot.hosts[1] = .down
        snapshot.running = [SchedulerTests.holding(1, [0: 0..<1])]
        snapshot.waiting = [SchedulerTests.waiting(2, 8)]
        let first = Scheduler.plan(snapshot, now: SchedulerTests.now).pending
        #expect(first.map(\.reason) == [.hostUnavailable])
        #expect(first[0].blocking.isEmpty)
        snapshot.waiting = [SchedulerTests.waiting(2, 16)]
        snapshot.running.append(SchedulerTests.holding(3, [1: 0..<2]))
        let second = Scheduler.plan(snapshot, now: SchedulerTests.now).pending
        #expect(second.map(\.reason) == [.coresBusy])
        #expect(second[0].blocking == [1, 3].map(SchedulerTests.id))
    }

    /// The definition, by trying every host: some host that is UP has so many cores that nobody holds.
    @Test(arguments: UInt64(0)..<200)
    func aSliceOfOneHostIsPlacedExactlyWhenAHostHasRoom(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let hosts = 1 + generator.below(4)
        var (free, states, holding) = ([Int](), [Int: HostState](), [[Int: Range<Int>]]())
        for host in 0..<hosts {
            let taken = generator.below(9)
            if taken > 0 { holding.append([host: 0..<taken]) }
            states[host] = HostState.allCases.randomElement(using: &generator) ?? .up
            free.append(states[host] == .up ? 8 - taken : 0)
        }
        for shards in 1...8 {
            let placed = try Self.place(shards, on: "\(hosts)x8", holding: holding, hosts: states)
            #expect((placed != nil) == free.contains { $0 >= shards }, "seed \(seed), \(shards) shards")
            guard let place = placed?.first else { continue }
            #expect(free[place.host] == free.filter { $0 >= shards }.min(), "seed \(seed), \(shards) shards")
        }
    }
}
