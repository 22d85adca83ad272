import Formats
import Graph

extension NumericOpsTable {
    static let networks: [String: Build] = [
        "matmul": { [$0.a.matmul($0.b, transposeA: $0.flag("transpose_a"), transposeB: $0.flag("transpose_b"))] },
        "dense": { arguments in
            let y = dense(arguments.x, arguments["kernel"], arguments["bias"])
            return [arguments.attributes["activation"]?.string == "relu" ? y.relu() : y]
        },
        "softmax": { [$0.x.softmax(axis: $0.int("axis"))] },
        "log_softmax": { [$0.x.logSoftmax(axis: $0.int("axis"))] },
        "batch_norm": batchNorm,
        "layer_norm": { arguments in
            let axes = (0..<arguments.int("axes")).map { -1 - $0 }
            let centred = arguments.x - arguments.x.reduceMean(axes: axes, keepDimensions: true)
            let variance = centred.square().reduceMean(axes: axes, keepDimensions: true)
            let scale = (variance + arguments.number("epsilon")).rsqrt()
            return [centred * scale * arguments["gamma"] + arguments["beta"]]
        },
        "scaled_dot_product_attention": { arguments in
            let q = arguments["q"]
            let scale = 1 / Double(q.shape[3]).squareRoot()
            let weights = attention(q * scale, arguments["k"], isCausal: arguments.flag("causal"))
            return [weights, weights.matmul(arguments["v"])]
        },
        "multi_head_attention": multiHeadAttention,
        "lstm_cell": { arguments in
            let input = arguments.builder.concatenate([arguments.x, arguments["h"]], axis: 1)
            let z = dense(input, arguments["kernel"], arguments["bias"])
            let gates = z.split(sizes: [Int](repeating: z.shape[1] / 4, count: 4), axis: 1)
            let kept = arguments["c"] * (gates[2] + arguments.number("forget_bias")).sigmoid()
            let cell = kept + gates[0].sigmoid() * gates[1].tanh()
            return [cell, cell.tanh() * gates[3].sigmoid()]
        },
    ]

    /// x·kernel + bias over the last axis.
    private static func dense(_ x: Tensor, _ kernel: Tensor, _ bias: Tensor) -> Tensor {
        let rows = x.reshape(to: [-1, kernel.shape[0]])
        return (rows.matmul(kernel) + bias).reshape(to: x.shape.dimensions.dropLast() + [kernel.shape[1]])
    }

    private static let batchNorm: Build = { arguments in
        let x = arguments.x
        let axes = Array(0..<(x.rank - 1))
        let isTraining = arguments.flag("training")
        let mean = isTraining ? x.reduceMean(axes: axes) : arguments["moving_mean"]
        let variance = isTraining ? (x - mean).square().reduceMean(axes: axes) : arguments["moving_variance"]
        let scale = (variance + arguments.number("epsilon")).rsqrt() * arguments["gamma"]
        let y = (x - mean) * scale + arguments["beta"]
        guard isTraining else { return [y] }
        let count = Double(axes.map { x.shape[$0] }.reduce(1, *))
        // The fused kernel of four axes stores the unbiased variance.
        let stored = x.rank == 4 ? variance * (count / (count - 1)) : variance
        let rate = 1 - arguments.number("momentum")
        let moving = (arguments["moving_mean"], arguments["moving_variance"])
        return [y, moving.0 - (moving.0 - mean) * rate, moving.1 - (moving.1 - stored) * rate]
    }

    /// softmax(q·kᵀ) over the keys; causal: what comes later has weight 0.
    private static func attention(_ q: Tensor, _ k: Tensor, isCausal: Bool) -> Tensor {
        let scores = q.matmul(k, transposeB: true)
        guard isCausal else { return scores.softmax() }
        let shape: Shape = [q.shape[2], k.shape[2]]
        let isSeen = q.builder.iota(shape: shape, axis: 1) .<= q.builder.iota(shape: shape, axis: 0)
        return isSeen.select(scores, q.builder.constant(-1e9)).softmax()
    }

    private static let multiHeadAttention: Build = { arguments in
        let query = arguments["query"]
        let heads = arguments.int("num_heads")
        let depth = arguments.int("key_dim")
        let (batch, time, width) = (query.shape[0], query.shape[1], query.shape[2])
        func project(_ letter: String) -> Tensor {
            dense(
                query, arguments["w\(letter)"].reshape(to: [width, heads * depth]),
                arguments["b\(letter)"].reshape(to: [heads * depth])
            )
            .reshape(to: [batch, time, heads, depth]).transposed([0, 2, 1, 3])
        }
        let q = project("q") / Double(depth).squareRoot()
        let weights = attention(q, project("k"), isCausal: arguments.flag("causal"))
        let context = weights.matmul(project("v")).transposed([0, 2, 1, 3]).reshape(to: [batch, time, heads * depth])
        let y = dense(context, arguments["wo"].reshape(to: [heads * depth, width]), arguments["bo"])
        return [y, weights]
    }
}
