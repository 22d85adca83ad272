import Executor
import Synchronization
import Testing

/// Every task is done once, by one worker at a time, before `run` returns.
struct LanePoolTests {
    private final class Tally: LaneTasks {
        let counts: [Counter]
        let workers = Condition(Set<Int>())
        let regions = Condition([RegionID]())

        final class Counter: Sendable { let value = Atomic(0) }

        init(tasks: Int) { counts = (0..<tasks).map { _ in Counter() } }

        func perform(region: RegionID, task: Int, worker: Int) {
            counts[task].value.wrappingAdd(1, ordering: .relaxed)
            workers.withLock { _ = $0.insert(worker) }
            regions.withLock { $0.append(region) }
        }
    }

    @Test(arguments: [1, 2, 4])
    func doesEveryTaskOnce(threads: Int) throws {
        let prepared = Tally.Counter()
        var pool: LanePool? = try LanePool(threads: threads) { prepared.value.wrappingAdd(1, ordering: .relaxed) }
        for tasks in [1, 2, 3, 16] {
            for region in (0..<200).map({ RegionID($0) }) {
                let tally = Tally(tasks: tasks)
                pool?.run(tally, region: region, tasks: tasks)
                #expect(tally.counts.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
                #expect(tally.workers.withLock { $0.allSatisfy { (0..<threads).contains($0) } })
                #expect(tally.regions.withLock { $0 == [RegionID](repeating: region, count: tasks) })
            }
        }
        // The pool's end waits for its threads.
        pool = nil
        #expect(prepared.value.load(ordering: .relaxed) == threads - 1)
    }

    @Test func wakesUpAfterALongPause() throws {
        let pool = try LanePool(threads: 3) {}
        let gate = Condition(false)
        for _ in 0..<20 {
            // Long enough for the threads to spin, yield and sleep.
            _ = gate.wait(atMost: 0.01) { _ -> Bool? in nil }
            let tally = Tally(tasks: 8)
            pool.run(tally, region: RegionID(7), tasks: 8)
            #expect(tally.counts.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
        }
    }
}
