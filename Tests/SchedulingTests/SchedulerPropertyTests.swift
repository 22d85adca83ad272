import Jobs
import Scheduling
import Testing
import TestSupport

/// What must hold of every plan, on snapshots drawn from a seed; a failure prints the seed.
@Suite struct SchedulerPropertyTests {
    private static let seeds = UInt64(0)..<400

    @Test func coresAndWorkersAreNeverOversubscribed() {
        for seed in Self.seeds {
            let snapshot = Self.snapshot(seed)
            let plan = Scheduler.plan(snapshot, now: SchedulerTests.now)
            var taken: Set<[Int]> = []
            for holding in snapshot.running {
                for host in holding.placement.hosts { for core in host.cores { taken.insert([host.host, core]) } }
            }
            for start in plan.starts {
                for host in start.placement.hosts {
                    #expect(snapshot.hosts[host.host] == .up, "seed \(seed)")
                    for core in host.cores {
                        #expect(core < snapshot.pod.coresPerHost, "seed \(seed)")
                        #expect(taken.insert([host.host, core]).inserted, "seed \(seed): a core was given twice")
                    }
                }
            }
            let workers = snapshot.running.count + plan.starts.count
            #expect(plan.starts.isEmpty || workers <= snapshot.workerLimit, "seed \(seed)")
        }
    }

    @Test func everyStartIsAllOfItsSliceAndInTheSliceForm() {
        for seed in Self.seeds {
            let snapshot = Self.snapshot(seed)
            let waiting = Dictionary(uniqueKeysWithValues: snapshot.waiting.map { ($0.job, $0) })
            for start in Scheduler.plan(snapshot, now: SchedulerTests.now).starts {
                let slice = waiting[start.job]?.slice
                let cores = start.placement.hosts.reduce(0) { $0 + $1.cores.count }
                #expect(cores == slice?.cores ?? 0, "seed \(seed)")
                #expect(start.placement.hosts.count == slice?.hosts ?? 0, "seed \(seed)")
                #expect(start.placement.slice == slice, "seed \(seed)")
            }
        }
    }

    @Test func everyJobIsAnsweredOnceWithPlacesFromOne() {
        for seed in Self.seeds {
            let snapshot = Self.snapshot(seed)
            let plan = Scheduler.plan(snapshot, now: SchedulerTests.now)
            let answered = plan.starts.map(\.job) + plan.pending.map(\.job)
            #expect(answered.sorted() == snapshot.waiting.map(\.job).sorted(), "seed \(seed)")
            #expect(plan.pending.map(\.position) == Array(1..<plan.pending.count + 1), "seed \(seed)")
        }
    }

    @Test func theOrderOfTheSnapshotDoesNotMatter() {
        for seed in Self.seeds {
            var snapshot = Self.snapshot(seed)
            let plan = Scheduler.plan(snapshot, now: SchedulerTests.now)
            var generator = SeededGenerator(seed: seed ^ 0xABCD)
            snapshot.waiting.shuffle(using: &generator)
            snapshot.running.shuffle(using: &generator)
            #expect(Scheduler.plan(snapshot, now: SchedulerTests.now) == plan, "seed \(seed)")
        }
    }

    /// No job that takes cores starts before one that is ready and ahead of it in the queue.
    @Test func aJobThatIsAheadIsNeverOvertakenForCores() {
        for seed in Self.seeds {
            let snapshot = Self.snapshot(seed)
            let plan = Scheduler.plan(snapshot, now: SchedulerTests.now)
            let started = Set(plan.starts.map(\.job))
            let heldBack = Set(plan.pending.filter { !Self.holdNobody.contains($0.reason) }.map(\.job))
            for late in snapshot.waiting where started.contains(late.job) && late.slice != nil {
                for ahead in snapshot.waiting where heldBack.contains(ahead.job) {
                    let isAhead = (late.priority, ahead.job) < (ahead.priority, late.job)
                    #expect(!isAhead, "seed \(seed): \(late.job) overtook \(ahead.job)")
                }
            }
        }
    }

    /// What a pass reads of the queue: the first that are ready, one more than places are free, and as many of those
    /// that need no cores.
    private static func front(of snapshot: Snapshot) -> Snapshot {
        let ready = snapshot.waiting.sorted { ($1.priority, $0.job) < ($0.priority, $1.job) }.filter { job in
            !job.isHeld && job.slice?.fits(snapshot.pod) != false
                && job.retryAt.map { $0 <= SchedulerTests.now } ?? true
        }
        let places = max(0, snapshot.workerLimit - snapshot.running.count) + 1
        var front = snapshot
        front.waiting = Array(ready.prefix(places))
        let known = Set(front.waiting.map(\.job))
        front.waiting += ready.filter { $0.slice == nil }.prefix(places).filter { !known.contains($0.job) }
        return front
    }

    @Test func thePlanOfTheQueuesFrontIsThePlanOfTheQueue() {
        for seed in Self.seeds {
            let snapshot = Self.snapshot(seed)
            let (front, now) = (Self.front(of: snapshot), SchedulerTests.now)
            let (whole, part) = (Scheduler.plan(snapshot, now: now), Scheduler.plan(front, now: now))
            #expect(part.starts == whole.starts, "seed \(seed)")
            #expect(part.head?.job == whole.head?.job, "seed \(seed)")
            // And why each of the others waits follows from it.
            let outlook = QueueOutlook(after: part, of: front)
            let waiting = Dictionary(uniqueKeysWithValues: snapshot.waiting.map { ($0.job, $0) })
            for pending in whole.pending {
                let said = waiting[pending.job].flatMap { outlook.pending($0, position: pending.position, now: now) }
                #expect(said == pending, "seed \(seed)")
            }
        }
    }

    /// Starting one job after the other as others end, everybody gets his turn.
    @Test func nobodyStarves() {
        for seed in Self.seeds.prefix(100) {
            var generator = SeededGenerator(seed: seed)
            var snapshot = Self.snapshot(seed)
            snapshot.hosts = Array(repeating: .up, count: snapshot.pod.hosts)
            snapshot.workerLimit = max(1, snapshot.workerLimit)
            snapshot.isDraining = false
            for index in snapshot.waiting.indices {
                snapshot.waiting[index].retryAt = nil
                snapshot.waiting[index].isHeld = false
            }
            var rounds = 0
            while !snapshot.waiting.isEmpty, rounds < 1000 {
                rounds += 1
                let plan = Scheduler.plan(snapshot, now: SchedulerTests.now)
                let misfits = plan.pending.filter { $0.reason == .cannotFit }
                let gone = Set(plan.starts.map(\.job) + misfits.map(\.job))
                snapshot.waiting.removeAll { gone.contains($0.job) }
                snapshot.running += plan.starts.map { Snapshot.Holding(job: $0.job, placement: $0.placement) }
                if !snapshot.running.isEmpty {
                    snapshot.running.remove(at: .random(in: snapshot.running.indices, using: &generator))
                }
            }
            #expect(snapshot.waiting.isEmpty, "seed \(seed)")
        }
    }

    /// Who waits for these holds nobody back.
    private static let holdNobody: Set<PendingReason> = [.retryBackoff, .held, .cannotFit]

    private static func snapshot(_ seed: UInt64) -> Snapshot {
        var generator = SeededGenerator(seed: seed)
        let hosts = Int.random(in: 1...6, using: &generator)
        let cores = [8, 8, 8, 4, 1].randomElement(using: &generator) ?? 8
        guard let pod = try? Pod(hosts: hosts, coresPerHost: cores) else {
            preconditionFailure("the numbers are in range")
        }
        var snapshot = Snapshot(pod: pod, workerLimit: .random(in: 0...12, using: &generator))
        snapshot.isDraining = Int.random(in: 0..<20, using: &generator) == 0
        for host in 0..<hosts {
            snapshot.hosts[host] = [.up, .up, .up, .draining, .down].randomElement(using: &generator) ?? .up
            guard Bool.random(using: &generator) else { continue }
            let first = Int.random(in: 0..<cores, using: &generator)
            snapshot.running.append(
                SchedulerTests.holding(
                    1000 + host, [host: first..<Int.random(in: first + 1...cores, using: &generator)]))
        }
        snapshot.waiting = (1...Int.random(in: 1...20, using: &generator)).map { age in
            SchedulerTests.waiting(
                age, [nil, 1, 2, 3, 5, 8, 8, 16, 24, 64].randomElement(using: &generator) ?? 8,
                priority: .random(in: -1...1, using: &generator),
                retryIn: Int.random(in: 0..<5, using: &generator) == 0 ? .random(in: -3...3, using: &generator) : nil)
        }
        for index in snapshot.waiting.indices where Int.random(in: 0..<8, using: &generator) == 0 {
            snapshot.waiting[index].isHeld = true
        }
        return snapshot
    }
}
