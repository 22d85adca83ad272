import Estimator

/// A classifier of handwritten digits: two dense layers on eight simulated cores.
@main struct Digits {
    /// One core's computation on one core's batch: the images' pixels are 0 to 16, their labels 0 to 9.
    static let model: ModelFunction = { features, labels, mode, params, builder in
        let pixels = features.elements[0].cast(to: .float32) / 16
        let hidden = builder.variable("hidden/kernel", shape: [64, 64])
        let hiddenBias = builder.variable("hidden/bias", shape: [64], initializer: .zeros)
        let output = builder.variable("output/kernel", shape: [64, 10])
        let outputBias = builder.variable("output/bias", shape: [10], initializer: .zeros)
        let activations = (pixels.reshape(to: [pixels.shape[0], 64]).matmul(hidden.value) + hiddenBias.value).relu()
        let logits = activations.matmul(output.value) + outputBias.value
        guard mode != .predict, let digits = labels?.only else {
            return TPUEstimatorSpec(
                mode: mode, predictions: ["digit": logits.argMax(), "probabilities": logits.softmax()])
        }
        let loss = Losses.sparseSoftmaxCrossEntropy(labels: digits, logits: logits)
        return TPUEstimatorSpec(
            mode: mode, loss: loss,
            trainOp: mode == .train
                ? try CrossShardOptimizer(AdamOptimizer(learningRate: 0.002)).minimize(loss) : nil,
            evalMetrics: EvalMetrics(
                tensors: ["digits": digits, "logits": logits],
                metrics: [.sparseCategoricalAccuracy(labels: "digits", scores: "logits")]))
    }

    static func main() throws {
        let data = CommandLine.arguments.dropFirst().first ?? "../data"
        let training = try DataInput.idx("\(data)/digits/train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte")
            .shuffled(seed: 1).repeated()
        let held = try DataInput.idx("\(data)/digits/test-images-idx3-ubyte", labels: "test-labels-idx1-ubyte")
        let estimator = try TPUEstimator(
            modelFunction: model, modelDirectory: "digits-model",
            config: RunConfig(tpuConfig: TPUConfig(iterationsPerLoop: 50, numShards: 8)),
            trainBatchSize: 128, evalBatchSize: 96)

        let result = try estimator.trainAndEvaluate(
            train: TrainSpec(input: training, maxSteps: 300, dataStart: .checkpoint),
            evaluate: EvalSpec(input: held, steps: 3))
        if let evaluation = result.evaluation {
            print(
                "step \(result.globalStep): \(evaluation.rows) digits, accuracy above 0.95: "
                    + "\(evaluation.metrics["accuracy", default: 0] > 0.95)")
        }

        var shown = 0
        try estimator.predict(input: held) { predictions in
            for digit in predictions["digit"]?.integers ?? [] where shown < 5 {
                shown += 1
                print("image \(shown) shows a \(digit)")
            }
        }
        print("exported to \(try estimator.exportModel(to: "digits-export", input: held))")
    }
}
