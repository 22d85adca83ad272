import Formats
import Graph

/// Dropout for networks of `selu`: while training, numbers become its lower bound with the probability `rate`, and all are
/// then scaled and shifted so that mean and variance stay (Klambauer et al. 2017; Keras: `AlphaDropout`).
struct AlphaDropoutLayer: UnaryLayer {
    static let className = "AlphaDropout"
    let common: LayerHeader
    private let rate: Double
    private let noise: NoiseShape

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        // A seed fixes Keras' own numbers alone.
        reader.accept("seed")
        let rate = reader.double("rate", required: true, in: .from(0, below: 1))
        guard let noise = NoiseShape(reader), let rate else { return nil }
        self.rate = rate
        self.noise = noise
    }

    var masking: Masking { .passes }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        try noise.check(input)
        return LayerPlan(input)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        guard call.isTraining, rate > 0 else { return x }
        // What selu tends to far below 0.
        let bound = -1.6732632423543772 * 1.0507009873554805
        let scale = 1 / ((1 - rate) * (1 + rate * bound * bound)).squareRoot()
        let keeps = (call.randomUniform(noise.extents(for: x.shape.dimensions)) .>= rate).cast(to: x.dtype)
        return (x * keeps + (1 - keeps) * bound) * scale - scale * bound * rate
    }
}
