import Graph

/// Programs that several suites look at.
enum ExamplePrograms {
    /// Images of bytes [4,2,2] and labels [4]; Flatten, Rescaling, a hidden layer, softmax cross-entropy, momentum over
    /// all cores; hands out predictions and labels.
    static func classifier() throws -> Program {
        let builder = GraphBuilder()
        let images = builder.infeed(TensorType(.uint8, [4, 2, 2]), name: "images")
        let labels = builder.infeed(TensorType(.int64, [4]), name: "labels")
        var x = images.cast(to: .float32).flattened() / 255
        x = builder.withScope("hidden") { dense(x, units: 3, in: builder).relu() }
        let logits = builder.withScope("logits") { dense(x, units: 2, in: builder) }
        let loss = logits.sparseSoftmaxCrossEntropy(labels: labels).reduceMean()
        let variables = builder.trainableVariables
        let gradients = builder.gradients(of: loss / 8, withRespectTo: variables).map { $0.crossReplicaSum() }
        for (variable, gradient) in zip(variables, gradients) {
            let slot = builder.variable(
                "\(variable.name)/Momentum", shape: variable.shape, initializer: .zeros, isTrainable: false)
            variable.assignSubtract(slot.assign(slot.value * 0.9 + gradient) * 0.1)
        }
        let step = builder.variable("global_step", dtype: .int64, initializer: .zeros, isTrainable: false)
        step.assignAdd(builder.constant(1, dtype: .int64))
        return try builder.finish(
            loss: loss, outfeed: [("predictions", logits.argMax()), ("labels", labels)])
    }

    /// Every core's mean, kept per core and for all.
    static func statistics() throws -> Program {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [8, 2]))
        let own = builder.variable("own_mean", shape: [2], initializer: .zeros, isTrainable: false)
        let shared = builder.variable("shared_mean", shape: [2], initializer: .zeros, isTrainable: false)
        own.assign(own.value * 0.9 + x.reduceMean(axes: [0]) * 0.1)
        shared.assign(x.reduceMean(axes: [0]).crossReplicaSum())
        return try builder.finish(outfeed: [("number", builder.replicaIndex()), ("shared", shared.value)])
    }

    private static func dense(_ x: Tensor, units: Int, in builder: GraphBuilder) -> Tensor {
        let kernel = builder.variable("kernel", shape: [x.shape[1], units])
        let bias = builder.variable("bias", shape: [units], initializer: .zeros)
        return x.matmul(kernel.value) + bias.value
    }
}
