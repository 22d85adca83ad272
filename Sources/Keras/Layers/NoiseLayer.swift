import Formats
import Graph

/// Normally distributed numbers while training (Keras: `GaussianNoise` adds them, `GaussianDropout` multiplies with them).
struct NoiseLayer: UnaryLayer {
    /// What becomes of the numbers.
    private enum Function {
        /// Added, with mean 0.
        case sum
        /// Multiplied, with mean 1.
        case product
    }

    let common: LayerHeader
    private let function: Function
    /// The standard deviation of the numbers.
    private let deviation: Double

    private init(_ common: LayerHeader, _ function: Function, deviation: Double, _ reader: ObjectReader) {
        self.common = common
        self.function = function
        self.deviation = deviation
        // It fixes Keras' own numbers alone.
        reader.accept("seed")
    }

    /// Reads a `GaussianNoise`.
    static func noise(_ common: LayerHeader, _ reader: ObjectReader) -> NoiseLayer? {
        reader.double("stddev", required: true, in: .notNegative).map {
            NoiseLayer(common, .sum, deviation: $0, reader)
        }
    }

    /// Reads a `GaussianDropout`; at a rate of 1 the deviation would be infinite.
    static func dropout(_ common: LayerHeader, _ reader: ObjectReader) -> NoiseLayer? {
        reader.double("rate", required: true, in: .from(0, below: 1)).map {
            NoiseLayer(common, .product, deviation: ($0 / (1 - $0)).squareRoot(), reader)
        }
    }

    var masking: Masking { .passes }

    func plan(_ input: [Int]) -> LayerPlan { LayerPlan(input) }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        guard call.isTraining, deviation > 0 else { return x }
        let numbers = call.randomNormal(x.shape.dimensions) * deviation
        switch function {
        case .sum: return x + numbers
        case .product: return x * (numbers + 1)
        }
    }
}
