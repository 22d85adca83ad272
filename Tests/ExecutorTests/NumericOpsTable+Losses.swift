import Formats
import Graph

extension NumericOpsTable {
    static let losses: [String: Build] = [
        "sparse_softmax_cross_entropy_with_logits": { [$0["logits"].sparseSoftmaxCrossEntropy(labels: $0["labels"])] },
        "softmax_cross_entropy_with_logits": { [crossEntropy($0["logits"], $0["labels"])] },
        "sigmoid_cross_entropy_with_logits": { [sigmoidCrossEntropy($0["logits"], $0["labels"])] },
        "losses.mean_squared_error": { [weighted($0["predictions"].squaredDifference($0["labels"]), $0)] },
        "losses.absolute_difference": { [weighted(($0["predictions"] - $0["labels"]).abs(), $0)] },
        "losses.huber_loss": { arguments in
            let delta = arguments.number("delta")
            let error = (arguments["predictions"] - arguments["labels"]).abs()
            let quadratic = error.minimum(delta)
            return [weighted(quadratic.square() * 0.5 + (error - quadratic) * delta, arguments)]
        },
        "losses.sparse_softmax_cross_entropy": {
            [weighted($0["logits"].sparseSoftmaxCrossEntropy(labels: $0["labels"]), $0)]
        },
        "losses.softmax_cross_entropy": { arguments in
            let smoothing = arguments.number("label_smoothing")
            let labels = arguments["labels"] * (1 - smoothing) + smoothing / Double(arguments["labels"].shape[1])
            return [weighted(crossEntropy(arguments["logits"], labels), arguments)]
        },
        "losses.sigmoid_cross_entropy": { arguments in
            let smoothing = arguments.attributes["label_smoothing"]?.double ?? 0
            let labels = arguments["labels"] * (1 - smoothing) + 0.5 * smoothing
            return [weighted(sigmoidCrossEntropy(arguments["logits"], labels), arguments)]
        },
        "losses.log_loss": { arguments in
            let (p, l) = (arguments["predictions"], arguments["labels"])
            return [weighted(-(l * (p + 1e-7).log() + (1 - l) * (1 - p + 1e-7).log()), arguments)]
        },
        "losses.hinge_loss": { [weighted((1 - ($0["labels"] * 2 - 1) * $0["logits"]).relu(), $0)] },
    ]

    private static func crossEntropy(_ logits: Tensor, _ labels: Tensor) -> Tensor {
        -(labels * logits.logSoftmax()).reduceSum(axes: [-1])
    }

    private static func sigmoidCrossEntropy(_ x: Tensor, _ z: Tensor) -> Tensor { x.softplus() - x * z }

    /// The sum of the weighted elements, divided as the reduction says; x / 0 is 0.
    private static func weighted(_ losses: Tensor, _ arguments: Arguments) -> Tensor {
        let weights = (arguments.inputs["weights"] ?? losses.builder.constant(1)).broadcast(to: losses.shape)
        let sum = (losses * weights).reduceSum()
        guard arguments.attributes["reduction"]?.string == "SUM_BY_NONZERO_WEIGHTS" else { return sum }
        let count = (weights .!= 0).cast(to: .float32).reduceSum()
        return (count .== 0).select(losses.builder.constant(0), sum / count.maximum(1))
    }
}
