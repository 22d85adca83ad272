import Graph

/// Trained models of a few layers, one of each kind that jobs have.
enum SmallModels {
    /// Two dense layers and a softmax, with momentum.
    static func perceptron(batch: Int) throws -> Program {
        try training(batch: batch, shape: [12]) { x, builder in
            let hidden = builder.withScope("hidden") { dense(x, 16, builder).relu() }
            return builder.withScope("logits") { dense(hidden, 4, builder) }
        }
    }

    /// Convolution, norm over the batch, pooling, and a dense layer.
    static func convolutions(batch: Int, layers: Int = 1) throws -> Program {
        try training(batch: batch, shape: [8, 8, 3]) { x, builder in
            var x = x
            for layer in 0..<layers {
                x = builder.withScope("conv\(layer)") {
                    let filter = builder.variable("filter", shape: [3, 3, x.shape[3], 8])
                    let y = x.convolution(filter.value, padding: .same)
                    let mean = y.reduceMean(axes: [0, 1, 2], keepDimensions: true)
                    let variance = (y - mean).square().reduceMean(axes: [0, 1, 2], keepDimensions: true)
                    return ((y - mean) / (variance + 0.001).sqrt()).relu()
                }
            }
            return builder.withScope("logits") { dense(x.maxPool([2, 2]).flattened(), 4, builder) }
        }
    }

    /// Blocks of attention and two dense layers with their norms, over rows of six places.
    static func attention(batch: Int, blocks: Int = 1) throws -> Program {
        let (places, width) = (6, 8)
        return try training(batch: batch, shape: [places, width]) { x, builder in
            var x = x
            for block in 0..<blocks {
                x = builder.withScope("block\(block)") {
                    let (q, k, v) = (
                        project("query", norm(x), width, builder), project("key", norm(x), width, builder),
                        project("value", norm(x), width, builder)
                    )
                    let scores = q.matmul(k, transposeB: true) / 2
                    let attended = x + project("out", scores.softmax().matmul(v), width, builder)
                    let wide = project("wide", norm(attended), 4 * width, builder).gelu(isApproximate: true)
                    return attended + project("narrow", wide, width, builder)
                }
            }
            return builder.withScope("logits") { dense(x.flattened(), 4, builder) }
        }
    }

    /// Two dense layers as `mixed_bfloat16` rounds them.
    static func mixed(batch: Int) throws -> Program {
        try training(batch: batch, shape: [12]) { x, builder in
            func layer(_ x: Tensor, _ units: Int) -> Tensor {
                let kernel = builder.variable("kernel", shape: [x.shape[1], units]).value.roundedToBFloat16()
                let bias = builder.variable("bias", shape: [units], initializer: .zeros).value.roundedToBFloat16()
                return (x.matmul(kernel).roundedToBFloat16() + bias).roundedToBFloat16()
            }
            let hidden = builder.withScope("hidden") { layer(x.roundedToBFloat16(), 16).relu() }
            return builder.withScope("logits") { layer(hidden, 4) }
        }
    }

    private static func norm(_ x: Tensor) -> Tensor {
        let centred = x - x.reduceMean(axes: [2], keepDimensions: true)
        return centred / (centred.square().reduceMean(axes: [2], keepDimensions: true) + 0.001).sqrt()
    }

    private static func project(_ name: String, _ x: Tensor, _ units: Int, _ builder: GraphBuilder) -> Tensor {
        let rows = x.reshape(to: [-1, x.shape[2]])
        return builder.withScope(name) { dense(rows, units, builder) }.reshape(to: [x.shape[0], x.shape[1], units])
    }

    private static func dense(_ x: Tensor, _ units: Int, _ builder: GraphBuilder) -> Tensor {
        let kernel = builder.variable("kernel", shape: [x.shape[1], units])
        let bias = builder.variable("bias", shape: [units], initializer: .zeros)
        return x.matmul(kernel.value) + bias.value
    }

    private static func training(
        batch: Int, shape: Shape, _ model: (Tensor, GraphBuilder) -> Tensor
    ) throws -> Program {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, Shape([batch] + shape.dimensions)), name: "features")
        let labels = builder.infeed(TensorType(.int64, [batch]), name: "labels")
        let loss = model(x, builder).sparseSoftmaxCrossEntropy(labels: labels).reduceMean()
        let variables = builder.trainableVariables
        for (variable, gradient) in zip(variables, builder.gradients(of: loss, withRespectTo: variables)) {
            let slot = builder.variable(
                "\(variable.name)/Momentum", shape: variable.shape, initializer: .zeros, isTrainable: false)
            variable.assignSubtract(slot.assign(slot.value * 0.9 + gradient.crossReplicaSum()) * 0.1)
        }
        return try Passes.optimize(builder.finish(loss: loss))
    }
}
