import Estimator
import Formats
import Graph
import OrderedCollections
import Testing

/// A model of the suite `training`, by the suite's layers.
struct TrainingModel {
    let layers: [JSON]
    let isTraining: Bool

    func outputs(of input: Tensor, _ builder: GraphBuilder) throws -> Tensor {
        var value = input
        for layer in layers { value = try outputs(of: value, layer, builder) }
        return value
    }

    private func outputs(of x: Tensor, _ layer: JSON, _ builder: GraphBuilder) throws -> Tensor {
        func numbers(_ name: String) throws -> [Int] { try #require(layer[name]?.array).compactMap(\.int) }
        func activated(_ x: Tensor) -> Tensor { layer["activation"]?.string == "relu" ? x.relu() : x }
        func variable(_ name: String, _ shape: Shape, isTrainable: Bool = true) throws -> GraphVariable {
            let scope = try #require(layer["name"]?.string)
            return builder.variable("\(scope)/\(name)", shape: shape, initializer: .zeros, isTrainable: isTrainable)
        }
        switch layer["type"]?.string {
        case "flatten": return x.flattened()
        case "relu": return x.relu()
        case "reshape": return x.reshape(to: [x.shape[0]] + (try numbers("shape")))
        case "dense":
            let units = try #require(layer["units"]?.int)
            let product = x.matmul(try variable("kernel", [x.shape[1], units]).value)
            if layer["use_bias"]?.bool == false { return activated(product) }
            return activated(product + (try variable("bias", [units]).value))
        case "conv2d":
            let filters = try #require(layer["filters"]?.int)
            let kernel = try variable("kernel", Shape(try numbers("kernel_size") + [x.shape[3], filters]))
            let padding: WindowPadding = layer["padding"]?.string == "SAME" ? .same : .valid
            let maps = x.convolution(kernel.value, strides: try numbers("strides"), padding: padding)
            return activated(maps + (try variable("bias", [filters]).value))
        case "max_pool":
            let padding: WindowPadding = layer["padding"]?.string == "SAME" ? .same : .valid
            return x.maxPool(try numbers("ksize"), strides: try numbers("strides"), padding: padding)
        case "batch_norm":
            let momentum = try #require(layer["momentum"]?.double)
            let epsilon = try #require(layer["epsilon"]?.double)
            let shape: Shape = [x.shape[1]]
            let (gamma, beta) = (try variable("gamma", shape), try variable("beta", shape))
            let movingMean = try variable("moving_mean", shape, isTrainable: false)
            let movingVariance = try variable("moving_variance", shape, isTrainable: false)
            var (mean, variance) = (movingMean.value, movingVariance.value)
            if isTraining {
                mean = x.reduceMean(axes: [0])
                variance = (x - mean).square().reduceMean(axes: [0])
                movingMean.assignSubtract((movingMean.value - mean) * (1 - momentum))
                movingVariance.assignSubtract((movingVariance.value - variance) * (1 - momentum))
            }
            return (x - mean) / (variance + epsilon).sqrt() * gamma.value + beta.value
        case let other: throw TestFailure("no layer is called \(other ?? "nothing")")
        }
    }
}

/// What a case of the suite makes of its model's outputs.
enum TrainingHead {
    case classes, numbers

    static func of(_ numeric: NumericCase) throws -> TrainingHead {
        switch try numeric.string("loss_function") {
        case "sparse_softmax_cross_entropy": .classes
        case "mean_squared_error": .numbers
        case let other: throw TestFailure("no loss is called \(other)")
        }
    }

    func predictions(_ outputs: Tensor) -> OrderedDictionary<String, Tensor> {
        switch self {
        case .classes: ["logits": outputs, "probabilities": outputs.softmax(), "classes": outputs.argMax()]
        case .numbers: ["predictions": outputs.squeeze(at: 1)]
        }
    }

    func loss(_ labels: Tensor, _ outputs: Tensor) -> Tensor {
        switch self {
        case .classes: Losses.sparseSoftmaxCrossEntropy(labels: labels, logits: outputs)
        case .numbers: Losses.meanSquaredError(labels: labels, predictions: outputs)
        }
    }

    var metrics: [Metric] {
        switch self {
        case .classes: [.sparseCategoricalAccuracy(labels: "labels", scores: "outputs")]
        case .numbers:
            [
                .meanAbsoluteError(labels: "labels", predictions: "outputs", name: "mae"),
                .rootMeanSquaredError(labels: "labels", predictions: "outputs", name: "rmse"),
            ]
        }
    }
}
