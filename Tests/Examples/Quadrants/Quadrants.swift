import Estimator

/// Points of the unit square; the label of a point is the quadrant that it lies in, 0 to 3.
struct Points: InputFunction {
    /// How many there are; nil: without end.
    var recordCount: Int?

    var features: TypeStructure { .single(TensorType(.float32, [2])) }
    var labels: TypeStructure? { .single(TensorType(.int32, .scalar)) }

    /// The point of a number: evenly spread, and the same in every run.
    static func point(_ number: Int) -> (x: Float, y: Float, quadrant: Int32) {
        func fraction(_ value: Double) -> Float { Float(value - value.rounded(.down)) }
        let (x, y) = (fraction(Double(number) * 0.754_877_666), fraction(Double(number) * 0.569_840_291))
        return (x, y, (x < 0.5 ? 0 : 1) + (y < 0.5 ? 0 : 2))
    }

    func makeIterator(_ request: InputRequest) -> any InputIterator { PointIterator(self, request) }
}

/// One feeding thread's rows of every batch. Unchecked, as only one thread at a time uses an iterator.
final class PointIterator: InputIterator, @unchecked Sendable {
    private let input: Points
    private let request: InputRequest
    private var batch: Int

    init(_ input: Points, _ request: InputRequest) {
        self.input = input
        self.request = request
        batch = request.firstBatch
    }

    func next(into elements: [UnsafeMutableRawBufferPointer]) -> Int? {
        let first = batch * request.globalBatchSize
        let count = input.recordCount ?? .max
        if request.dropRemainder, first + request.globalBatchSize > count { return nil }
        let numbers = request.rows.map { first + $0 }.filter { $0 < count }
        guard !numbers.isEmpty else { return nil }
        let coordinates = elements[0].bindMemory(to: Float.self)
        let quadrants = elements[1].bindMemory(to: Int32.self)
        for (row, number) in numbers.enumerated() {
            (coordinates[2 * row], coordinates[2 * row + 1], quadrants[row]) = Points.point(number)
        }
        batch += 1
        return numbers.count
    }
}

/// One core's computation on one core's batch.
let model: ModelFunction = { features, labels, mode, params, builder in
    let points = features.elements[0]
    let hidden = builder.variable("hidden/kernel", shape: [2, 16])
    let hiddenBias = builder.variable("hidden/bias", shape: [16], initializer: .zeros)
    let output = builder.variable("output/kernel", shape: [16, 4])
    let outputBias = builder.variable("output/bias", shape: [4], initializer: .zeros)
    let activations = (points.matmul(hidden.value) + hiddenBias.value).relu()
    let logits = activations.matmul(output.value) + outputBias.value
    guard mode != .predict, let quadrants = labels?.only else {
        return TPUEstimatorSpec(mode: mode, predictions: ["quadrant": logits.argMax()])
    }
    let loss = Losses.sparseSoftmaxCrossEntropy(labels: quadrants, logits: logits)
    let optimizer = CrossShardOptimizer(AdamOptimizer(learningRate: 0.01))
    return TPUEstimatorSpec(
        mode: mode, loss: loss,
        trainOp: mode == .train ? try optimizer.minimize(loss) : nil,
        evalMetrics: EvalMetrics(
            tensors: ["quadrants": quadrants, "logits": logits],
            metrics: [.sparseCategoricalAccuracy(labels: "quadrants", scores: "logits")]))
}

/// Prints the loss after every device loop.
final class LossPrinter: SessionHook {
    func beforeRun(_ context: SessionRunContext) -> [SessionOperation] { [.globalStep, .loss] }

    func afterRun(_ context: SessionRunContext, values: [SessionValue]) {
        guard case .integer(let step) = values[0], case .real(let loss) = values[1] else { return }
        print("step \(step): loss \((loss * 100).rounded() / 100)")
    }
}

@main struct Example {
    static func main() throws {
        let estimator = try TPUEstimator(
            modelFunction: model,
            config: RunConfig(
                tpuConfig: TPUConfig(iterationsPerLoop: 100, numShards: 8), modelDirectory: "quadrants-model"),
            trainBatchSize: 128, evalBatchSize: 80)

        let trained = try estimator.train(input: Points(), maxSteps: 500, hooks: [LossPrinter()])
        print("trained to step \(trained.globalStep)")

        let result = try estimator.evaluate(input: Points(recordCount: 800), steps: 10)
        print("\(result.rows) rows evaluated, accuracy above 0.95: \(result.metrics["accuracy", default: 0] > 0.95)")

        try estimator.predict(input: Points(recordCount: 3)) { predictions in
            for (number, quadrant) in (predictions["quadrant"]?.integers ?? []).enumerated() {
                let (x, y, _) = Points.point(number)
                print("(\(x), \(y)) lies in quadrant \(quadrant)")
            }
        }
    }
}
