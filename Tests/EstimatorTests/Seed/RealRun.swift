import Estimator
import Formats
import Graph
import OrderedCollections

/// A real training or evaluation of a tiny model on eight cores, traced.
struct RealRun {
    let log = TraceLog()
    private let folder: TemporaryFolder
    private let estimator: TPUEstimator

    /// - Parameter globalStep: the step that the model is said to have been trained to.
    init(iterationsPerLoop: Int, masterJob: String? = nil, globalStep: Int = 0) throws {
        folder = try TemporaryFolder()
        var execution = ExecutionOptions.reference
        execution.tracer = log.tracer
        estimator = try TPUEstimator(
            modelFunction: Self.model,
            config: RunConfig(
                tpuConfig: try TPUConfig(
                    iterationsPerLoop: iterationsPerLoop, numShards: 8, tpuJobName: masterJob),
                modelDirectory: folder.path, saveCheckpointsSteps: 1_000_000),
            params: ModelParameters(), useTPU: true, trainBatchSize: 8, evalBatchSize: 8, execution: execution,
            observer: nil,
            startingPoint: StartingPoint(
                variables: ["weight": NDArray([Float(1)], shape: [1, 1])], globalStep: globalStep))
    }

    func train(steps: Int?, maxSteps: Int?) throws -> TrainingResult {
        try estimator.train(input: ZeroInput(), steps: steps, maxSteps: maxSteps)
    }

    func evaluate(steps: Int) throws -> EvaluationResult {
        try estimator.evaluate(input: ZeroInput(), steps: steps)
    }

    private static let model: ModelFunction = { features, _, mode, _, builder in
        let input = features.elements[0]
        let weight = builder.variable("weight", shape: [1, 1])
        let output = input.matmul(weight.value)
        let loss = Losses.meanSquaredError(labels: input, predictions: output)
        return TPUEstimatorSpec(
            mode: mode, loss: loss,
            trainOp: mode == .train
                ? try CrossShardOptimizer(GradientDescentOptimizer(learningRate: 0.1)).minimize(loss) : nil,
            evalMetrics: EvalMetrics(tensors: ["output": output], metrics: [.mean("output")]))
    }
}

/// Zeros without end.
private struct ZeroInput: InputFunction {
    var features: TypeStructure { .single(TensorType(.float32, Shape([1]))) }
    var labels: TypeStructure? { nil }

    func makeIterator(_ request: InputRequest) throws -> any InputIterator { Zeros(rows: request.rows.count) }

    private final class Zeros: InputIterator {
        private let rows: Int

        init(rows: Int) {
            self.rows = rows
        }

        func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int? {
            for element in elements { element.initializeMemory(as: UInt8.self, repeating: 0) }
            return rows
        }
    }
}
