import Estimator

/// A model function with a metric function of its own: how well the species that is told worst is told.
@main struct Species {
    /// Adds up, class by class, how many rows there were and how many of them were told right.
    struct WorstRecall: MetricAccumulator {
        private var rows: [Int64: (all: Int, right: Int)] = [:]

        /// The smallest share of a class's rows that were told right; 0 before the first row.
        var value: Double { rows.values.map { Double($0.right) / Double($0.all) }.min() ?? 0 }

        mutating func update(_ tensors: [HostTensor]) throws {
            guard tensors.count == 2, tensors[0].shape == tensors[1].shape else {
                throw MetricError("worst recall compares labels with as many predictions")
            }
            for (label, prediction) in zip(tensors[0].integers, tensors[1].integers) {
                rows[label, default: (0, 0)].all += 1
                if label == prediction { rows[label, default: (0, 0)].right += 1 }
            }
        }
    }

    /// Called once for each evaluation, on the host: it gets the names of the tensors that the cores send.
    static let metrics = MetricFunction(["labels", "logits", "predictions"]) { arguments in
        [
            "accuracy": .sparseCategoricalAccuracy(labels: arguments["labels"], scores: arguments["logits"]),
            "worst_recall": Metric(
                name: "worst_recall", inputs: [arguments["labels"], arguments["predictions"]]
            ) { WorstRecall() },
        ]
    }

    /// One core's computation on one core's batch.
    static let model = DeclaredModelFunction { arguments in
        let builder = arguments.builder
        let hidden = builder.variable("hidden/kernel", shape: [4, 16])
        let hiddenBias = builder.variable("hidden/bias", shape: [16], initializer: .zeros)
        let output = builder.variable("output/kernel", shape: [16, 3])
        let outputBias = builder.variable("output/bias", shape: [3], initializer: .zeros)
        let activations = (arguments.features.elements[0].matmul(hidden.value) + hiddenBias.value).relu()
        let logits = activations.matmul(output.value) + outputBias.value
        guard let labels = arguments.labels?.only else {
            return .tpuEstimator(TPUEstimatorSpec(mode: .predict, predictions: ["species": logits.argMax()]))
        }
        let loss = Losses.sparseSoftmaxCrossEntropy(labels: labels, logits: logits)
        let optimizer = CrossShardOptimizer(AdamOptimizer(learningRate: 0.01))
        return .tpuEstimator(
            TPUEstimatorSpec(
                mode: arguments.mode ?? .train, loss: loss,
                trainOp: arguments.mode == .train ? try optimizer.minimize(loss) : nil,
                evalMetrics: EvalMetrics(
                    metrics, ["labels": labels, "logits": logits, "predictions": logits.argMax()])))
    }

    static func main() throws {
        let data = CommandLine.arguments.dropFirst().first ?? "../data"
        let flowers = try DataInput.csv("\(data)/iris/iris.csv", label: "label")
        let estimator = try TPUEstimator(
            modelFunction: model, config: RunConfig(tpuConfig: TPUConfig(iterationsPerLoop: 100, numShards: 2)),
            trainBatchSize: 64, evalBatchSize: 50)
        try estimator.train(input: flowers.shuffled(seed: 1).repeated(), steps: 600)
        let result = try estimator.evaluate(input: flowers, steps: 3, name: "training")
        for (name, value) in result.metrics { print("\(name) above 0.9: \(value > 0.9)") }
    }
}
