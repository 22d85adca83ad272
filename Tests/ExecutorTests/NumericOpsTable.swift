import Formats
import Graph

/// How each operation of the suite is said with the graph's words.
enum NumericOpsTable {
    struct Arguments {
        let builder: GraphBuilder
        let inputs: [String: Tensor]
        let attributes: JSON

        subscript(name: String) -> Tensor {
            guard let tensor = inputs[name] else { preconditionFailure("the suite names its inputs: \(name)") }
            return tensor
        }

        var x: Tensor { self["x"] }
        var a: Tensor { self["a"] }
        var b: Tensor { self["b"] }
        /// x0, x1 …
        var parts: [Tensor] { inputs.keys.sorted().map { self[$0] } }
        func flag(_ name: String) -> Bool { attributes[name]?.bool ?? false }
        func number(_ name: String) -> Double { attributes[name]?.double ?? .nan }
        func int(_ name: String) -> Int { attributes[name]?.int ?? .min }
        func ints(_ name: String) -> [Int]? { attributes[name]?.array?.compactMap(\.int) }
    }

    typealias Build = @Sendable (Arguments) -> [Tensor]

    static let built: [String: Build] = elementwise.merging(networks) { first, _ in first }
        .merging(movement) { first, _ in first }.merging(losses) { first, _ in first }
        .merging(windows) { first, _ in first }.merging(indexing) { first, _ in first }

    private static let elementwise: [String: Build] = [
        "relu": { [$0.x.relu()] },
        "relu6": { [$0.x.relu6()] },
        "leaky_relu": { [$0.x.leakyRelu(slope: $0.number("alpha"))] },
        "elu": { [$0.x.elu()] },
        "gelu_tanh": { [$0.x.gelu(isApproximate: true)] },
        "gelu_erf": { [$0.x.gelu()] },
        "tanh": { [$0.x.tanh()] },
        "sigmoid": { [$0.x.sigmoid()] },
        "softplus": { [$0.x.softplus()] },
        "silu": { [$0.x.silu()] },
        "softsign": { [$0.x.softsign()] },
        "exp": { [$0.x.exp()] },
        "log": { [$0.x.log()] },
        "sqrt": { [$0.x.sqrt()] },
        "rsqrt": { [$0.x.rsqrt()] },
        "square": { [$0.x.square()] },
        "abs": { [$0.x.abs()] },
        "negative": { [-$0.x] },
        "reciprocal": { [$0.x.reciprocal()] },
        "log1p": { [$0.x.log1p()] },
        "erf": { [$0.x.erf()] },
        "sin": { [$0.x.sin()] },
        "cos": { [$0.x.cos()] },
        "add": { [$0.a + $0.b] },
        "subtract": { [$0.a - $0.b] },
        "multiply": { [$0.a * $0.b] },
        "divide": { [$0.a / $0.b] },
        "maximum": { [$0.a.maximum($0.b)] },
        "minimum": { [$0.a.minimum($0.b)] },
        "squared_difference": { [$0.a.squaredDifference($0.b)] },
        "pow": { [$0.a.pow($0.b)] },
        "clip_by_value": { [$0.x.clipped(from: $0.number("lo"), to: $0.number("hi"))] },
        "where": { [$0["cond"].select($0.a, $0.b)] },
    ]

    private static let movement: [String: Build] = [
        "concat": { [$0.builder.concatenate($0.parts, axis: $0.int("axis"))] },
        "stack": { [$0.builder.stack($0.parts, axis: $0.int("axis"))] },
        "split": { $0.x.split(sizes: $0.ints("sizes") ?? [], axis: $0.int("axis")) },
        "transpose": { [$0.x.transposed($0.ints("perm"))] },
        "reshape": { [$0.x.reshape(to: $0.ints("shape") ?? [])] },
        "pad": { arguments in
            let paddings = arguments.attributes["paddings"]?.array ?? []
            return [
                arguments.x.padded(
                    low: paddings.compactMap { $0[0]?.int }, high: paddings.compactMap { $0[1]?.int })
            ]
        },
        "tile": { [$0.x.tiled($0.ints("multiples") ?? [])] },
        "slice": { arguments in
            let begin = arguments.ints("begin") ?? []
            let size = arguments.ints("size") ?? []
            let limits = begin.indices.map { size[$0] < 0 ? arguments.x.shape[$0] : begin[$0] + size[$0] }
            return [arguments.x.slice(from: begin, to: limits)]
        },
        "argmax": { [$0.x.argMax(axis: $0.int("axis"))] },
        "one_hot": { [$0["indices"].oneHot(depth: $0.int("depth"))] },
        "reduce_sum": { [$0.x.reduceSum(axes: $0.ints("axes"), keepDimensions: $0.flag("keepdims"))] },
        "reduce_mean": { [$0.x.reduceMean(axes: $0.ints("axes"), keepDimensions: $0.flag("keepdims"))] },
        "reduce_max": { [$0.x.reduceMax(axes: $0.ints("axes"), keepDimensions: $0.flag("keepdims"))] },
        "reduce_min": { [$0.x.reduceMin(axes: $0.ints("axes"), keepDimensions: $0.flag("keepdims"))] },
        "reduce_prod": { [$0.x.reduceProduct(axes: $0.ints("axes"), keepDimensions: $0.flag("keepdims"))] },
        "reduce_logsumexp": { [$0.x.reduceLogSumExp(axes: $0.ints("axes"), keepDimensions: $0.flag("keepdims"))] },
        "l2_loss": { [$0.x.square().reduceSum() / 2] },
        "l2_normalize": { arguments in
            let sum = arguments.x.square().reduceSum(axes: [arguments.int("axis")], keepDimensions: true)
            return [arguments.x * sum.maximum(arguments.number("epsilon")).rsqrt()]
        },
        "clip_by_global_norm": { arguments in
            let (clipped, norm) = arguments.builder.clipByGlobalNorm(
                arguments.parts, to: arguments.number("clip_norm"))
            return clipped + [norm]
        },
    ]
}
