import CKernels
import Glibc
import Synchronization

/// What a pool's threads do: the tasks of one region after another.
package protocol LaneTasks: AnyObject {
    /// Does one task of a region. Tasks of a region run at the same time on any worker; a worker does one at a time.
    ///
    /// - Parameters:
    ///   - region: what was given to `LanePool.run`.
    ///   - task: 0 ..< the region's count.
    ///   - worker: 0 ..< `LanePool.threads`: whose private memory may be used. 0 is the calling thread.
    func perform(region: RegionID, task: Int, worker: Int)
}

/// A fixed set of threads that do the tasks of one region after another. The thread that calls `run` works, too, and
/// goes on when every task is done, whether or not the others have woken up by then.
///
/// Who waits spins for some microseconds, then yields, then sleeps: with a neighbour on the machine, spinning alone
/// costs many times the work.
// @unchecked: `shared` and `threads` don't change; `handles` is touched by init and deinit alone; the rest is atomic or
// behind the condition.
package final class LanePool: @unchecked Sendable {
    /// Threads that work, the calling one included.
    package let threads: Int
    private let shared: Shared
    private var handles: [pthread_t] = []

    /// A pool of `threads`, of which all but the caller of `run` are started now.
    ///
    /// - Parameter prepare: called once by each started thread.
    /// - Throws: `threadNotStarted` when the system has no room for one more; those started before are gone then.
    package init(threads: Int, prepare: @escaping @Sendable () -> Void) throws(ExecutorError) {
        precondition(threads >= 1, "options were validated")
        self.threads = threads
        shared = Shared()
        for worker in 1..<max(threads, 1) {
            let start = Unmanaged.passRetained(Start(shared: shared, worker: worker, prepare: prepare))
            var handle = pthread_t()
            let status = pthread_create(
                &handle, nil,
                { argument in
                    // The creating thread always passes a start.
                    let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
                    start.prepare()
                    start.shared.serve(worker: start.worker)
                    return nil
                }, start.toOpaque())
            guard status == 0 else {
                start.release()
                // What was started is joined when the pool, whose parts are all there, goes.
                throw ExecutorError(
                    .threadNotStarted, "the system gave \(worker) of \(threads) threads (error \(status))")
            }
            handles.append(handle)
        }
    }

    deinit {
        shared.publish(.stop)
        for handle in handles { pthread_join(handle, nil) }
    }

    /// Does all tasks of a region; returns when they are done. One thread at a time may call it.
    package func run(_ body: any LaneTasks, region: RegionID, tasks: Int) {
        if threads == 1 || tasks == 1 {
            for task in 0..<tasks { body.perform(region: region, task: task, worker: 0) }
            return
        }
        shared.run(body, region: region, tasks: tasks)
    }

    /// What a thread needs to begin.
    private final class Start: Sendable {
        let shared: Shared
        let worker: Int
        let prepare: @Sendable () -> Void

        init(shared: Shared, worker: Int, prepare: @escaping @Sendable () -> Void) {
            self.shared = shared
            self.worker = worker
            self.prepare = prepare
        }
    }

    /// The state that threads share. One word carries a region's generation and its next task, so that a thread that
    /// wakes up late can never take a task of a region it knows nothing of.
    // @unchecked: `body`, `region` and `tasks` are written before the word of their generation is published and read
    // only by who has taken a task of that generation, which keeps the generation from ending.
    private final class Shared: @unchecked Sendable {
        enum Order { case stop }

        private let word = Atomic<UInt64>(0)
        private let done = Atomic<Int>(0)
        private let sleepers = Atomic<Int>(0)
        private let isStopped = Atomic<Bool>(false)
        /// Wake-ups so far.
        private let condition = Condition(0)
        // unsafe: the caller of `run` holds the body until `run` returns, and nobody looks at it later.
        private unowned(unsafe) var body: (any LaneTasks)?
        private var region = RegionID(0)

        private static let idle = UInt64(UInt32.max)

        func publish(_: Order) {
            isStopped.store(true, ordering: .sequentiallyConsistent)
            condition.update { $0 &+= 1 }
        }

        func run(_ body: any LaneTasks, region: RegionID, tasks: Int) {
            self.body = body
            self.region = region
            done.store(0, ordering: .relaxed)
            let generation = (word.load(ordering: .relaxed) >> 32 &+ 1) << 32
            // The low half counts the tasks that are left.
            word.store(generation | UInt64(tasks), ordering: .sequentiallyConsistent)
            if sleepers.load(ordering: .sequentiallyConsistent) > 0 { condition.update { $0 &+= 1 } }
            while let task = claim() { perform(task, worker: 0) }
            var backoff = Spinning()
            while done.load(ordering: .acquiring) < tasks {
                if backoff.isExhausted { sleep(until: { self.done.load(ordering: .sequentiallyConsistent) == tasks }) }
                backoff.pause()
            }
            self.body = nil
        }

        func serve(worker: Int) {
            var backoff = Spinning()
            while !isStopped.load(ordering: .acquiring) {
                if let task = claim() {
                    perform(task, worker: worker)
                    backoff = Spinning()
                } else if backoff.isExhausted {
                    sleep(until: {
                        self.word.load(ordering: .sequentiallyConsistent) & Self.idle > 0
                            || self.isStopped.load(ordering: .sequentiallyConsistent)
                    })
                    backoff = Spinning()
                } else {
                    backoff.pause()
                }
            }
        }

        private func claim() -> Int? {
            var current = word.load(ordering: .acquiring)
            while current & Self.idle > 0 {
                let (exchanged, original) = word.weakCompareExchange(
                    expected: current, desired: current - 1, ordering: .acquiringAndReleasing)
                if exchanged { return Int(current & Self.idle) - 1 }
                current = original
            }
            return nil
        }

        private func perform(_ task: Int, worker: Int) {
            // A claimed task keeps its region alive.
            body!.perform(region: region, task: task, worker: worker)
            done.wrappingAdd(1, ordering: .sequentiallyConsistent)
            if sleepers.load(ordering: .sequentiallyConsistent) > 0 { condition.update { $0 &+= 1 } }
        }

        /// Who changes what a predicate looks at reads `sleepers` afterwards; who sleeps counts itself first: one of
        /// the two sees the other.
        private func sleep(until predicate: () -> Bool) {
            sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
            _ = condition.wait { _ -> Bool? in predicate() ? true : nil }
            sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        }
    }
}

/// How long a waiting thread has been at it: first it spins, then it lets others run.
private struct Spinning {
    private var turns = 0

    /// True when it is time to sleep.
    var isExhausted: Bool { turns >= 1_024 + 256 }

    /// Waits a moment.
    mutating func pause() {
        turns += 1
        if turns <= 1_024 { tpud_spin_pause() } else { sched_yield() }
    }
}
