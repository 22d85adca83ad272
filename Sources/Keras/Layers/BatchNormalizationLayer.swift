import Formats
import Graph

/// Channels of mean 0 and deviation 1 over the batch, then scaled and shifted (Keras: `BatchNormalization`). While training,
/// by the batch's own statistics, which move the variables `moving_mean` and `moving_variance`; else, and where it is
/// frozen, by these. Statistics are those of each core's rows, or of all cores' with `synchronized`.
struct BatchNormalizationLayer: UnaryLayer {
    static let className = "BatchNormalization"
    let common: LayerHeader
    private let axis: RowAxes
    private let momentum: Double
    private let epsilon: Double
    private let beta: VariableSettings?
    private let gamma: VariableSettings?
    private let movingMean: Initializer
    private let movingVariance: Initializer
    private let isSynchronized: Bool
    /// Whether Keras 2 may use TensorFlow's kernel for images.
    private let mayBeFused: Bool

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        axis = RowAxes(reader)
        momentum = reader.double("momentum", default: 0.99)
        epsilon = reader.double("epsilon", default: 1e-3, in: .notNegative)
        let beta = VariableSettings(reader, "beta", default: .zeros)
        let gamma = VariableSettings(reader, "gamma", default: .ones)
        self.beta = reader.bool("center", default: true) ? beta : nil
        self.gamma = reader.bool("scale", default: true) ? gamma : nil
        movingMean = InitializerReader.read(reader, "moving_mean_initializer", default: .zeros)
        movingVariance = InitializerReader.read(reader, "moving_variance_initializer", default: .ones)
        isSynchronized = reader.bool("synchronized", default: common.className == "SyncBatchNormalization")
        mayBeFused = reader.bool("fused", default: true)
        reader.notSupported("renorm", unless: false)
        reader.accept("renorm_clipping", "renorm_momentum")
        reader.notSupported("virtual_batch_size")
        reader.notSupported("adjustment")
        if axis.axes.count != 1 {
            reader.fault("axis", "must be one axis; several are not supported yet", code: SpecError.notSupported)
            return nil
        }
    }

    var masking: Masking { .passes }
    var keepsVariables: Bool { true }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        let shape = try axis.places(in: input, of: self).map { input[$0] }
        let trained = [gamma?.variable("gamma", shape), beta?.variable("beta", shape)].compactMap(\.self)
        let moving = [
            LayerVariable("moving_mean", shape: shape, initializer: movingMean, isTrainable: false),
            LayerVariable("moving_variance", shape: shape, initializer: movingVariance, isTrainable: false),
        ]
        return LayerPlan(input, variables: trained + moving)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let channels = axis.tensorAxes(rank: x.rank).first ?? x.rank - 1
        let shape = x.shape.dimensions.indices.map { $0 == channels ? x.shape[$0] : 1 }
        func spread(_ tensor: Tensor) -> Tensor { channels == x.rank - 1 ? tensor : tensor.reshape(to: shape) }

        var mean = call["moving_mean"]
        var variance = call["moving_variance"]
        if call.isTraining, call.isTrainable {
            let batch = moments(x, channels, call, spread)
            let rest = 1 - momentum
            call.update("moving_mean", to: mean * momentum + batch.mean * rest)
            call.update("moving_variance", to: variance * momentum + batch.variance * (batch.correction * rest))
            (mean, variance) = (batch.mean, batch.variance)
        }
        // TensorFlow's kernel has a least epsilon.
        let epsilon = isFused(x.rank, channels) ? max(self.epsilon, 1.001e-5) : self.epsilon
        var scale = (variance + epsilon).rsqrt()
        if gamma != nil { scale = scale * call["gamma"] }
        let y = (x - spread(mean)) * spread(scale)
        return beta == nil ? y : y + spread(call["beta"])
    }

    /// Mean and variance over all axes but one, and what the variance is multiplied by before it moves the variable.
    ///
    /// The variance passes nothing back to the mean, as in `tf.nn.moments`: what deviates from the mean adds up to 0, and the
    /// backward pass needs one sum over the batch less, after which cores would wait for each other.
    private func moments(
        _ x: Tensor, _ channels: Int, _ call: LayerCall, _ spread: (Tensor) -> Tensor
    ) -> (mean: Tensor, variance: Tensor, correction: Double) {
        let axes = (0..<x.rank).filter { $0 != channels }
        let isShared = isSynchronized && call.shards > 1
        func total(_ sum: Tensor) -> Tensor { isShared ? sum.crossReplicaSum() : sum }
        if x.rank == 3, channels == 2, let mask = call.masks.first ?? nil {
            let steps = mask.cast(to: x.dtype).expandDimensions(at: 2)
            let counted = total(steps.reduceSum())
            let count = common.version == .keras3 ? counted + 1e-7 : counted
            let mean = total((x * steps).reduceSum(axes: axes)) / count
            return (mean, total(((x - mean).square() * steps).reduceSum(axes: axes)) / count, 1)
        }
        let count = axes.reduce(1.0) { $0 * Double(x.shape[$1]) } * (isShared ? Double(call.shards) : 1)
        let mean = total(x.reduceSum(axes: axes)) / count
        let variance = total((x - spread(mean.stopGradient())).square().reduceSum(axes: axes)) / count
        return (mean, variance, isFused(x.rank, channels) ? count / max(count - 1, 1) : 1)
    }

    /// Whether Keras uses TensorFlow's kernel, as Keras 2 does for images: there the moving variance follows n / (n − 1) times
    /// the variance.
    private func isFused(_ rank: Int, _ channels: Int) -> Bool {
        common.version == .keras2 && mayBeFused && !isSynchronized && (rank == 4 || rank == 5)
            && (channels == rank - 1 || channels == 1)
    }
}
