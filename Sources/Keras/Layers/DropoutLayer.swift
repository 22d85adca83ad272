import Formats
import Graph

/// While training, numbers become 0 with the probability `rate`, and the others are divided by 1 − `rate` (Keras: `Dropout`;
/// `SpatialDropout1D` and the like drop whole channels).
struct DropoutLayer: UnaryLayer {
    let common: LayerHeader
    private let rate: Double
    private let noise: NoiseShape
    /// Spatial axes of a row; nil: rows are of any shape.
    private let axes: Int?

    /// Reads a `Dropout`.
    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        rate = DropoutLayer.rate(reader)
        axes = nil
        guard let noise = NoiseShape(reader) else { return nil }
        self.noise = noise
    }

    /// Reads one that drops whole channels, over so many spatial axes.
    init?(_ common: LayerHeader, _ reader: ObjectReader, axes: Int) {
        self.common = common
        rate = DropoutLayer.rate(reader)
        self.axes = axes
        noise = NoiseShape(sameAlong: Set(1...axes), rank: axes + 2)
        reader.notSupported("noise_shape")
        if let format = reader.string("data_format"), format != "channels_last" {
            reader.fault(
                "data_format", "\(format) is not supported: data is channels_last", code: SpecError.notSupported)
        }
    }

    /// The rate; a seed fixes Keras' own numbers alone.
    private static func rate(_ reader: ObjectReader) -> Double {
        reader.accept("seed")
        return reader.double("rate", required: true, in: .from(0, to: 1)) ?? 0
    }

    var masking: Masking { .passes }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        if let axes, input.count != axes + 1 {
            throw SpecError(
                pointer,
                "\(name) (\(common.className)) takes rows of \(axes) spatial axes and channels, but a row of its input has the "
                    + "shape \(input)")
        }
        try noise.check(input)
        return LayerPlan(input)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        call.isTraining ? x.dropped(rate, noise.extents(for: x.shape.dimensions), call) : x
    }
}

extension Tensor {
    /// Zeros with the probability `rate`, and the others divided by that of staying.
    ///
    /// - Parameter extents: of the random numbers, which stretch to the tensor's.
    func dropped(_ rate: Double, _ extents: [Int], _ call: LayerCall) -> Tensor {
        if rate == 0 { return self }
        let none = builder.constant(0, shape: shape, dtype: dtype)
        if rate == 1 { return none }
        return (call.randomUniform(extents) .>= rate).select(self / (1 - rate), none)
    }
}
