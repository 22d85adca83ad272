import CAllocations
import Executor
import Graph
import Synchronization

/// The executor with its steps' allocations counted.
// @unchecked: `record` is set before the executor is handed on; the executor inside is Sendable.
final class CountingExecutor: ProgramExecutor, @unchecked Sendable {
    /// Allocations of a device loop.
    struct Taken: Sendable {
        /// By the project's code and Swift's runtime.
        var ours = 0
        /// By oneDNN and the C++ library below it.
        var libraries = 0
    }

    /// What the newest device loop took.
    final class Record: Sendable {
        private let state = Mutex(Taken())

        var last: Taken {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    var record: Record?
    private let executor: LaneExecutor

    init(program: Program, options: ExecutorOptions) throws(ExecutorError) {
        executor = try LaneExecutor(program: program, options: options)
    }

    var program: Program { executor.program }
    var infeed: InfeedQueue { executor.infeed }
    var outfeed: OutfeedQueue? { executor.outfeed }
    func write(variable: String, bytes: [UInt8]) throws(ExecutorError) {
        try executor.write(variable: variable, bytes: bytes)
    }
    func read(variable: String) throws(ExecutorError) -> [UInt8] { try executor.read(variable: variable) }
    func requestStop() { executor.requestStop() }

    func run(iterations: Int) throws -> LoopResult {
        tpud_count_allocations()
        let result = try executor.run(iterations: iterations)
        let all = tpud_counted_allocations()
        let libraries = tpud_counted_of_libraries()
        record?.last = Taken(ours: all - libraries, libraries: libraries)
        return result
    }
}
