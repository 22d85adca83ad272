import Executor
import Graph

/// Runs a program batch by batch on the CPU, on the calling thread: evaluation and prediction without the TPU. A last
/// batch with fewer rows gets a program of its own size.
final class HostRun {
    /// Rows of a full batch.
    let batchSize: Int
    private let estimator: TPUEstimator
    private let context: TPUContext
    private let input: any CallableInput
    private let restore: (VariableTransfer) throws -> Void
    private var bySize: [Int: (built: BuiltProgram, executor: any ProgramExecutor)] = [:]
    private var build: WrappedModelFunction.Build?

    /// A run over an input; the closure sets the variables of each program.
    init(
        estimator: TPUEstimator, context: TPUContext, input: any CallableInput, batchSize: Int,
        restore: @escaping (VariableTransfer) throws -> Void
    ) {
        self.estimator = estimator
        self.context = context
        self.input = input
        self.batchSize = batchSize
        self.restore = restore
    }

    /// The metrics of the programs; known once there is one.
    var metrics: [Metric] { bySize.values.first?.built.metrics ?? [] }

    /// Runs batches to the end of the input or to a limit.
    ///
    /// - Parameter body: gets what the program handed out and how many rows the batch had.
    func forEachBatch(limit: Int?, _ body: ([HostTensor], Int) throws -> Void) throws {
        let called = try estimator.callInput(
            input, mode: try context.mode, rows: batchSize, dropRemainder: false)
        guard case .inputs(let result) = called else { throw EstimatorError.inputNotCallable }
        let prepared = try PreparedInput(
            onHost: result, rows: batchSize, firstBatch: 0, tracer: estimator.tracer)
        guard let iterator = prepared.sources(ofHost: 0).first?.iterator else { return }
        let (features, labels) = try prepared.types()
        let types = features.elements + (labels?.elements ?? [])
        do throws(ExecutorError) {
            try MachineMemory.expect(
                room: types.reduce(0) { $0.adding(saturating: $1.byteCount) }.multiplied(saturating: batchSize),
                for: "a batch")
        } catch {
            // It would be too large the next time, too.
            throw TrainingError.modelFailed(detail: error.detail)
        }
        let staging = types.map {
            UnsafeMutableRawBufferPointer.allocate(byteCount: $0.byteCount * batchSize, alignment: 64)
        }
        defer { for buffer in staging { buffer.deallocate() } }
        var done = 0
        while done < limit ?? .max, case let rows = try next(iterator, staging), rows > 0 {
            if estimator.stopSwitch.request != nil { throw TrainingError.stopped }
            try body(try run(staging, called, rows: rows), rows)
            done += 1
        }
    }

    private func next(_ iterator: any InputIterator, _ staging: [UnsafeMutableRawBufferPointer]) throws -> Int {
        do {
            return try iterator.rows(into: staging, atMost: batchSize)
        } catch {
            throw TrainingError(input: error)
        }
    }

    private func run(_ staging: [UnsafeMutableRawBufferPointer], _ called: CalledInput, rows: Int) throws
        -> [HostTensor]
    {
        let executor = try executor(called, rows: rows)
        do {
            _ = try executor.infeed.fill(host: 0) { buffers in
                for (buffer, source) in zip(buffers, staging) {
                    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[0..<buffer.count]))
                }
                return true
            }
            _ = try executor.run(iterations: 1)
            return (try executor.outfeed?.dequeue() ?? []).map { HostTensor($0) }
        } catch let error as ExecutorError {
            throw TrainingError.executionFailed(detail: error.description)
        }
    }

    private func executor(_ called: CalledInput, rows: Int) throws -> any ProgramExecutor {
        if let made = bySize[rows] { return made.executor }
        let built = try program(called, rows: rows)
        let executor = try estimator.executor(
            for: built, shards: 1, hosts: 1, seed: context.config.randomSeed)
        try restore(VariableTransfer(executor: executor, built: built))
        bySize[rows] = (built, executor)
        return executor
    }

    private func program(_ called: CalledInput, rows: Int) throws -> BuiltProgram {
        if let build { return try build.building.build(coreBatchSize: rows).program }
        let made = try estimator.wrappedModelFunction(
            mode: try context.mode, options: estimator.inputOptions(hosts: nil)
        )(
            features: called, scope: VariableScope(tracer: estimator.tracer), rows: batchSize,
            programRows: rows)
        // Without a session nobody would call them.
        if try context.mode == .evaluate, !made.spec.evaluationHooks.isEmpty {
            throw EstimatorError.hooksNotSupported(kind: "evaluation_hooks")
        }
        build = made
        return made.program
    }
}
