import Estimator

/// A regression on a CSV file: the width of an iris' petals from its other measurements.
@main struct PetalWidth {
    /// One core's computation on one core's batch: a linear model of three columns.
    static let model: ModelFunction = { features, labels, mode, params, builder in
        let kernel = builder.variable("kernel", shape: [3, 1], initializer: .zeros)
        let bias = builder.variable("bias", shape: [1], initializer: .zeros)
        let widths = (features.elements[0].matmul(kernel.value) + bias.value).squeeze(at: 1)
        guard mode != .predict, let measured = labels?.only else {
            return TPUEstimatorSpec(mode: mode, predictions: ["width": widths])
        }
        let loss = Losses.meanSquaredError(labels: measured, predictions: widths)
        return TPUEstimatorSpec(
            mode: mode, loss: loss,
            trainOp: mode == .train
                ? try CrossShardOptimizer(AdamOptimizer(learningRate: 0.02)).minimize(loss) : nil,
            evalMetrics: EvalMetrics(
                tensors: ["measured": measured, "widths": widths],
                metrics: [.rootMeanSquaredError(labels: "measured", predictions: "widths", name: "rmse")]))
    }

    static func main() throws {
        let data = CommandLine.arguments.dropFirst().first ?? "../data"
        let flowers = try DataInput.csv(
            "\(data)/iris/iris.csv", label: "petal_width_cm",
            features: ["sepal_length_cm", "sepal_width_cm", "petal_length_cm"], isRegression: true)
        // Evaluation without a batch size runs on the CPU, to the end of the input.
        let estimator = try TPUEstimator(
            modelFunction: model, config: RunConfig(tpuConfig: TPUConfig(iterationsPerLoop: 100, numShards: 2)),
            trainBatchSize: 64)
        try estimator.train(input: flowers.shuffled(seed: 1).repeated(), steps: 1500)
        let result = try estimator.evaluate(input: flowers)
        let error = result.metrics["rmse", default: .infinity]
        print("\(result.rows) flowers, root mean squared error below 0.25 cm: \(error < 0.25)")

        // Three flowers that are in no file.
        let measurements: [Float] = [5.0, 3.4, 1.5, 6.0, 2.8, 4.5, 6.6, 3.0, 5.6]
        let others = try DataInput.arrays(features: .single(HostTensor(measurements, shape: [3, 3])))
        try estimator.predict(input: others) { predictions in
            let widths = predictions["width"]?.floats ?? []
            print("petals that are \(widths.map { $0 < 1 ? "narrow" : "wide" }.joined(separator: ", "))")
        }
    }
}
