import Executor
import Graph

/// Runs a program batch by batch on the calling thread: evaluation and prediction without the TPU, where a last batch with
/// fewer rows gets a program of its own size, and prediction on its cores, where such a batch is filled up.
final class HostRun {
    /// Rows of a full batch.
    let batchSize: Int
    /// Where hooks look up variables.
    let scope: VariableScope
    private let estimator: TPUEstimator
    private let context: TPUContext
    private let input: any CallableInput
    /// Cores that share a batch; 1 on the CPU.
    private let shards: Int
    private let restore: (VariableTransfer) throws -> Void
    private var bySize: [Int: (built: BuiltProgram, executor: any ProgramExecutor)] = [:]
    private var build: WrappedModelFunction.Build?
    private var source: Source?
    private var batch: (rows: Int, executor: any ProgramExecutor)?

    /// The input, called, and room for a batch.
    private struct Source {
        let called: CalledInput
        let iterator: any InputIterator
        let staging: [UnsafeMutableRawBufferPointer]
    }

    /// A run over an input; the closure sets the variables of each program.
    init(
        estimator: TPUEstimator, context: TPUContext, input: any CallableInput, batchSize: Int, shards: Int = 1,
        restore: @escaping (VariableTransfer) throws -> Void
    ) {
        self.estimator = estimator
        self.context = context
        self.input = input
        self.batchSize = batchSize
        self.shards = shards
        self.restore = restore
        scope = VariableScope(tracer: estimator.tracer)
    }

    deinit { for buffer in source?.staging ?? [] { buffer.deallocate() } }

    /// The spec that the model function returned; nil before the first batch.
    var spec: EstimatorSpec? { build?.spec }

    /// The metrics of the programs; known once there is one.
    var metrics: [Metric] { bySize.values.first?.built.metrics ?? [] }

    /// What the host calls behind each batch; known once there is a program.
    var hostCall: BuiltHostCall? { bySize.values.first?.built.hostCall }

    /// Reads the next batch, and builds the program for it unless there is one.
    ///
    /// - Returns: how many rows it has; nil at the end of the input.
    func next() throws -> Int? {
        batch = nil
        guard let source = try source ?? open() else { return nil }
        let rows = try rows(of: source)
        guard rows > 0 else { return nil }
        if estimator.stopSwitch.request != nil { throw TrainingError.stopped }
        if isFilledUp(rows) { fillUp(source.staging, rows: rows) }
        batch = (rows, try executor(source.called, rows: isFilledUp(rows) ? batchSize : rows))
        return rows
    }

    /// Whether a batch of so many rows is filled up: cores take nothing but full ones.
    private func isFilledUp(_ rows: Int) -> Bool { shards > 1 && rows < batchSize }

    /// Runs the batch that was read last.
    ///
    /// - Returns: what the program handed out, and how many rows the batch had; nil when there is none.
    func run() throws -> (tensors: [HostTensor], rows: Int)? {
        guard let source, let (rows, executor) = batch else { return nil }
        do {
            _ = try executor.infeed.fill(host: 0) { buffers in
                for (buffer, source) in zip(buffers, source.staging) {
                    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[0..<buffer.count]))
                }
                return true
            }
            _ = try executor.run(iterations: 1)
            let tensors = (try executor.outfeed?.dequeue() ?? []).map { HostTensor($0) }
            return (isFilledUp(rows) ? tensors.map { $0.selecting(rows: 0..<rows) } : tensors, rows)
        } catch let error as ExecutorError {
            throw TrainingError.executionFailed(detail: error.description)
        }
    }

    /// Repeats the first row behind the last: what a model makes of it is as good as what it makes of any.
    private func fillUp(_ staging: [UnsafeMutableRawBufferPointer], rows: Int) {
        for buffer in staging {
            let first = UnsafeRawBufferPointer(rebasing: buffer[0..<(buffer.count / batchSize)])
            buffer.fill(rows..<batchSize, with: first)
        }
    }

    private func open() throws -> Source? {
        let called = try estimator.callInput(
            input, mode: try context.mode, rows: batchSize, dropRemainder: false)
        guard case .inputs(let result) = called else { throw EstimatorError.inputNotCallable }
        let prepared = try PreparedInput(
            onHost: result, rows: batchSize, firstBatch: 0, tracer: estimator.tracer)
        guard let iterator = prepared.sources(ofHost: 0).first?.iterator else { return nil }
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
        let opened = Source(
            called: called, iterator: iterator,
            staging: types.map { .allocate(byteCount: $0.byteCount * batchSize, alignment: 64) })
        source = opened
        return opened
    }

    private func rows(of source: Source) throws -> Int {
        do {
            return try source.iterator.rows(into: source.staging, atMost: batchSize)
        } catch {
            throw TrainingError(input: error)
        }
    }

    private func executor(_ called: CalledInput, rows: Int) throws -> any ProgramExecutor {
        if let made = bySize[rows] { return made.executor }
        let built = try program(called, rows: rows)
        let executor = try estimator.executor(
            for: built, shards: shards, hosts: 1, seed: context.config.randomSeed)
        try restore(VariableTransfer(executor: executor, built: built))
        bySize[rows] = (built, executor)
        return executor
    }

    private func program(_ called: CalledInput, rows: Int) throws -> BuiltProgram {
        if let build { return try build.building.build(coreBatchSize: rows / shards).program }
        var options = estimator.inputOptions(hosts: nil)
        options.cores = shards
        let made = try estimator.wrappedModelFunction(mode: try context.mode, options: options)(
            features: called, scope: scope, rows: batchSize, programRows: rows / shards)
        build = made
        return made.program
    }
}
