import Graph
import TestSupport

/// A training program of dense layers drawn from a seed: what jobs run, in all the variety that one core's batch,
/// widths, activations, losses, optimizers and per-core extras allow.
enum DenseProgram {
    enum Update: CaseIterable {
        case plain, momentum, adam
    }

    static func make(seed: UInt64) throws -> Program {
        var random = SeededGenerator(seed: seed)
        let batch = Int.random(in: 1...6, using: &random)
        let classes = Int.random(in: 2...5, using: &random)
        let builder = GraphBuilder()
        var x = builder.infeed(
            TensorType(.float32, [batch, Int.random(in: 1...5, using: &random), 2]), name: "features")
        let labels = builder.infeed(TensorType(.int64, [batch]), name: "labels")
        x = x.flattened() * 0.5
        for layer in 0..<Int.random(in: 1...3, using: &random) {
            let width = [1, 3, 8, 17].randomElement(using: &random) ?? 1
            x = builder.withScope("layer\(layer)") {
                activate(dense(x, width, builder), Int.random(in: 0..<6, using: &random))
            }
        }
        if Bool.random(using: &random) { x = x - x.reduceMean(axes: [0], keepDimensions: true) }
        let logits = builder.withScope("logits") { dense(x, classes, builder) }
        let loss = self.loss(logits, labels, classes, Int.random(in: 0..<3, using: &random))
        let variables = builder.trainableVariables
        let scaled = Bool.random(using: &random) ? loss / 4 : loss * 0.3 + decay(variables, builder, &random)
        var gradients = builder.gradients(of: scaled, withRespectTo: variables).map { $0.crossReplicaSum() }
        if Bool.random(using: &random) {
            let norm = gradients.map { $0.square().reduceSum() }.reduce(builder.constant(1e-6), +).sqrt()
            gradients = gradients.map { $0 / norm.maximum(1) }
        }
        let update = Update.allCases.randomElement(using: &random) ?? .plain
        apply(update, variables, gradients, builder)
        let seen = builder.variable("seen", shape: [classes], initializer: .zeros, isTrainable: false)
        if Bool.random(using: &random) { seen.assign(seen.value * 0.5 + logits.reduceMean(axes: [0])) }
        return try builder.finish(
            loss: loss, outfeed: [("predictions", logits.argMax()), ("logits", logits), ("labels", labels)])
    }

    private static func dense(_ x: Tensor, _ units: Int, _ builder: GraphBuilder) -> Tensor {
        let kernel = builder.variable("kernel", shape: [x.shape[1], units])
        let bias = builder.variable("bias", shape: [units], initializer: .uniform(low: -0.1, high: 0.1))
        return x.matmul(kernel.value) + bias.value
    }

    private static func activate(_ x: Tensor, _ kind: Int) -> Tensor {
        switch kind {
        case 0: x.relu()
        case 1: x.tanh()
        case 2: x.sigmoid()
        case 3: x.elu()
        case 4: x.gelu()
        default: x
        }
    }

    private static func loss(_ logits: Tensor, _ labels: Tensor, _ classes: Int, _ kind: Int) -> Tensor {
        switch kind {
        case 0: logits.sparseSoftmaxCrossEntropy(labels: labels).reduceMean()
        case 1: (logits.softmax().squaredDifference(labels.oneHot(depth: classes))).reduceMean()
        default: -(logits.logSoftmax() * labels.oneHot(depth: classes)).reduceSum(axes: [1]).reduceMean()
        }
    }

    private static func decay(
        _ variables: [GraphVariable], _ builder: GraphBuilder, _ random: inout SeededGenerator
    ) -> Tensor {
        let scale = Double.random(in: 0...0.01, using: &random)
        return variables.map { $0.value.square().reduceSum() * scale }.reduce(builder.constant(0), +)
    }

    private static func apply(
        _ update: Update, _ variables: [GraphVariable], _ gradients: [Tensor], _ builder: GraphBuilder
    ) {
        func slot(_ variable: GraphVariable, _ name: String) -> GraphVariable {
            builder.variable(
                "\(variable.name)/\(name)", shape: variable.shape, initializer: .zeros, isTrainable: false)
        }
        let step = builder.variable("global_step", dtype: .int64, initializer: .zeros, isTrainable: false)
        let next = step.assignAdd(builder.constant(1, dtype: .int64)).cast(to: .float32)
        for (variable, gradient) in zip(variables, gradients) {
            switch update {
            case .plain: variable.assignSubtract(gradient * 0.1)
            case .momentum:
                let velocity = slot(variable, "Momentum")
                variable.assignSubtract(velocity.assign(velocity.value * 0.9 + gradient) * 0.1)
            case .adam:
                let first = slot(variable, "m")
                let second = slot(variable, "v")
                let m = first.assign(first.value * 0.9 + gradient * 0.1)
                let v = second.assign(second.value * 0.999 + gradient.square() * 0.001)
                let power = builder.constant(0.999).pow(next)
                let rate = (1 - power).sqrt() / (1 - builder.constant(0.9).pow(next)) * 0.01
                variable.assignSubtract(m * rate / (v.sqrt() + 1e-7))
            }
        }
    }

    /// One step's random inputs for all cores.
    static func inputs(of program: Program, replicas: Int, seed: UInt64) -> [[UInt8]] {
        var random = SeededGenerator(seed: seed)
        return program.infeed.map { type in
            if type.dtype == .float32 {
                return bytes((0..<(type.count * replicas)).map { _ in Float.random(in: -1...1, using: &random) })
            }
            return (0..<(type.count * replicas)).flatMap { _ in
                withUnsafeBytes(of: Int64.random(in: 0...1, using: &random)) { [UInt8]($0) }
            }
        }
    }
}
