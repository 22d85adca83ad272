import Estimator
import Formats
import Graph
import Testing

/// A model of the suite `crossreplica`: the loss of one core by the suite's own words.
struct CrossReplicaModel {
    let numeric: NumericCase
    let builder: GraphBuilder
    /// In the suite's order.
    let variables: [GraphVariable]

    /// The loss of one core's batch; `bn_mlp` also moves its statistics.
    func loss(x: Tensor, y: Tensor) throws -> Tensor {
        var values = variables.map(\.value)[...]
        func dense(_ input: Tensor) -> Tensor {
            defer { values = values.dropFirst(2) }
            return input.matmul(values[values.startIndex]) + values[values.startIndex + 1]
        }
        switch try numeric.string("model") {
        case "linear_mse": return Losses.meanSquaredError(labels: y, predictions: dense(x))
        case "softmax_xent": return Losses.sparseSoftmaxCrossEntropy(labels: y, logits: dense(x))
        case "bn_mlp": return try normalized(x: x, y: y)
        case "mlp", "mlp_l2":
            var hidden = x
            while values.count > 2 { hidden = dense(hidden).relu() }
            var loss = Losses.sparseSoftmaxCrossEntropy(labels: y, logits: dense(hidden))
            if let l2 = numeric.json["model_settings"]?["l2"]?.double {
                for kernel in variables where kernel.shape.rank == 2 {
                    loss = loss + kernel.value.square().reduceSum() / 2 * l2
                }
            }
            return loss
        case let other:
            Issue.record("\(numeric.id): no model \(other)")
            return builder.constant(0)
        }
    }

    /// Batch normalization by the mean and the biased variance of one core's batch.
    private func normalized(x: Tensor, y: Tensor) throws -> Tensor {
        func variable(_ name: String) throws -> GraphVariable { try #require(variables.first { $0.name == name }) }
        let settings = try #require(numeric.json["model_settings"])
        let momentum = try #require(settings["momentum"]?.double)
        let epsilon = try #require(settings["epsilon"]?.double)
        let z = x.matmul(try variable("w1").value)
        let mean = z.reduceMean(axes: [0])
        let variance = (z - mean).square().reduceMean(axes: [0])
        let scaled =
            (z - mean) / (variance + epsilon).sqrt() * (try variable("gamma").value) + (try variable("beta").value)
        for (name, batch) in [("moving_mean", mean), ("moving_variance", variance)] {
            let moving = try variable(name)
            moving.assignSubtract((moving.value - batch) * (1 - momentum))
        }
        let logits = scaled.relu().matmul(try variable("w2").value) + (try variable("b2").value)
        return Losses.sparseSoftmaxCrossEntropy(labels: y, logits: logits)
    }
}
