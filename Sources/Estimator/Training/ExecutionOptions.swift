package import Executor
package import Graph

/// Threads, lanes and queues that programs are run with on this machine. Of these only `lanes` and
/// `multipliesBFloat16` change bits of the results.
public struct ExecutionOptions: Sendable {
    /// Threads that compute. Default 1.
    package var threads: Int
    /// Into how many lanes a step's rows are cut, which fixes the order of sums; nil, the default, lets the executor
    /// choose from the program and the number of shards.
    package var lanes: Int?
    /// Steps of input that each host may be ahead of the device. Default 4.
    package var inputStepsAhead: Int
    /// Simulated hosts in place of the context's; nil: the context's.
    package var hosts: Int?
    /// Whether the repetition over a loop's steps happens on the hosts, so that the infeed's worker runs its operations once a
    /// loop (TensorFlow: `_WRAP_INPUT_FN_INTO_WHILE_LOOP`). Default false. It changes no number.
    package var wrapsInputIntoWhileLoop = false
    /// Bytes of memory that a step's plan may take; nil, the default: the machine's memory.
    package var memoryBytes: Int?
    /// Whether products of numbers rounded to bfloat16 are left to the processor's own, which changes the order of their
    /// sums. Default: where it has them.
    package var multipliesBFloat16 = ExecutorOptions().multipliesBFloat16
    /// Gets every event of a run, log lines included. Default: they are dropped.
    package var tracer = EventTracer.silent
    /// Makes the executor.
    package var makeExecutor: @Sendable (Program, ExecutorOptions) throws -> any ProgramExecutor

    /// Options; by default one thread.
    public init(threads: Int = 1, lanes: Int? = nil, inputStepsAhead: Int = 4) {
        self.threads = threads
        self.lanes = lanes
        self.inputStepsAhead = inputStepsAhead
        makeExecutor = { program, options in try LaneExecutor(program: program, options: options) }
    }

    /// The same on the executor that is the definition: slow, replica by replica.
    package static var reference: ExecutionOptions {
        var options = ExecutionOptions()
        options.makeExecutor = { program, options in try ReferenceExecutor(program: program, options: options) }
        return options
    }

    /// The same, which tell of the bytes of each plan before they are allocated: those that ``memory(of:shards:)`` finds for its
    /// program.
    package func telling(_ planned: @escaping @Sendable (_ bytes: Int) -> Void) -> ExecutionOptions {
        var options = self
        options.makeExecutor = { program, options in
            try LaneExecutor(program: program, options: options, planned: planned)
        }
        return options
    }

    /// What an executor is told, and the plan of its memory.
    package func executorOptions(shards: Int, hosts: Int, seed: UInt64, stepsAhead: Int?) -> ExecutorOptions {
        var options = ExecutorOptions(
            replicas: shards, hosts: hosts, threads: threads, lanes: lanes,
            infeedCapacity: stepsAhead ?? inputStepsAhead, outfeedCapacity: inputStepsAhead, seed: seed)
        options.memoryBytes = memoryLimit
        options.multipliesBFloat16 = multipliesBFloat16
        return options
    }

    /// An executor for a program.
    ///
    /// - Parameter stepsAhead: Steps of input ahead of the device; nil: ``inputStepsAhead``.
    /// - Throws: ``TrainingError/executionFailed(detail:)``; ``TrainingError/modelFailed(detail:)`` for a program that the
    ///   machine's memory can't hold.
    func executor(
        for built: BuiltProgram, shards: Int, hosts: Int, seed: UInt64, stepsAhead: Int? = nil
    ) throws -> any ProgramExecutor {
        do {
            return try makeExecutor(
                built.program, executorOptions(shards: shards, hosts: hosts, seed: seed, stepsAhead: stepsAhead))
        } catch let error as ExecutorError where error.code == .tooLarge {
            // It would be too large the next time, too.
            throw TrainingError.modelFailed(detail: error.detail)
        } catch {
            throw TrainingError.executionFailed(detail: "\(error)")
        }
    }
}
