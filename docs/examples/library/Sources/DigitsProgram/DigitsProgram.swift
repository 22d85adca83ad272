import EstimatorProgram

/// The classifier of handwritten digits as a program that tpud runs: the operator lists it, and a job names it with its `params`.
@main struct DigitsProgram {
    static func main() async {
        await TPUEstimatorProgram.run { params, context in
            let units = try params.integer("units", default: 64)
            let rate = try params.number("learning_rate", default: 0.002)
            let estimator = try context.estimator(model(units: units, rate: rate))
            // The job's own input counts where it gives one.
            let folder = try params.string("data", default: "digits")
            let images = try context.dataFile("\(folder)/train-images-idx3-ubyte")
            let training = try DataInput.idx(images, labels: "train-labels-idx1-ubyte")
            let others = try context.dataFile("\(folder)/test-images-idx3-ubyte")
            let held = try DataInput.idx(others, labels: "test-labels-idx1-ubyte")
            try context.run(
                estimator, training: context.trainInput ?? training.shuffled(seed: context.seed).repeated(),
                evaluation: context.evalInput ?? held, prediction: context.predictInput ?? held)
        }
    }

    /// One core's computation on one core's batch: the images' pixels are 0 to 16, their labels 0 to 9.
    static func model(units: Int, rate: Double) -> ModelFunction {
        { features, labels, mode, params, builder in
            let pixels = features.elements[0].cast(to: .float32) / 16
            let hidden = builder.variable("hidden/kernel", shape: [64, units])
            let hiddenBias = builder.variable("hidden/bias", shape: [units], initializer: .zeros)
            let output = builder.variable("output/kernel", shape: [units, 10])
            let outputBias = builder.variable("output/bias", shape: [10], initializer: .zeros)
            let rows = pixels.reshape(to: [pixels.shape[0], 64])
            let logits = (rows.matmul(hidden.value) + hiddenBias.value).relu().matmul(output.value) + outputBias.value
            guard mode != .predict, let digits = labels?.only else {
                return TPUEstimatorSpec(
                    mode: mode, predictions: ["digit": logits.argMax(), "probabilities": logits.softmax()])
            }
            let loss = Losses.sparseSoftmaxCrossEntropy(labels: digits, logits: logits)
            let optimizer = CrossShardOptimizer(AdamOptimizer(learningRate: LearningRate(rate)))
            return TPUEstimatorSpec(
                mode: mode, loss: loss, trainOp: mode == .train ? try optimizer.minimize(loss) : nil,
                evalMetrics: EvalMetrics(
                    tensors: ["digits": digits, "logits": logits],
                    metrics: [.sparseCategoricalAccuracy(labels: "digits", scores: "logits")]))
        }
    }
}
