import Formats
import Graph

/// A function of each number that is a line on its right (Keras: `ReLU`, `LeakyReLU`, `ELU`, `ThresholdedReLU`).
struct RectifierLayer: UnaryLayer {
    private enum Function {
        case rectified(maximum: Double?, slope: Double, threshold: Double)
        case leaky(slope: Double)
        case exponential(alpha: Double)
        case thresholded(theta: Double)
    }

    let common: LayerHeader
    private let function: Function

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        switch common.className {
        case "ReLU":
            function = .rectified(
                maximum: reader.double("max_value", in: .notNegative),
                slope: reader.double("negative_slope", default: 0, in: .notNegative),
                threshold: reader.double("threshold", default: 0, in: .notNegative))
        case "LeakyReLU":
            let slope = reader.double("negative_slope")
            // Keras 2's name for it.
            function = .leaky(slope: reader.double("alpha", default: slope ?? 0.3))
        case "ELU": function = .exponential(alpha: reader.double("alpha", default: 1))
        case "ThresholdedReLU": function = .thresholded(theta: reader.double("theta", default: 1, in: .notNegative))
        default: return nil
        }
    }

    var masking: Masking { .passes }

    func plan(_ input: [Int]) -> LayerPlan { LayerPlan(input) }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        switch function {
        case .leaky(let slope): x.leakyRelu(slope: slope)
        case .exponential(let alpha): x.elu(alpha: alpha)
        case .thresholded(let theta): x * (x .> theta).cast(to: x.dtype)
        case .rectified(nil, let slope, 0) where slope != 0: x.leakyRelu(slope: slope)
        case .rectified(let maximum, let slope, let threshold):
            rectified(x, maximum: maximum, slope: slope, threshold: threshold)
        }
    }

    private func rectified(_ x: Tensor, maximum: Double?, slope: Double, threshold: Double) -> Tensor {
        var y: Tensor
        switch (maximum, threshold) {
        case (6, 0): y = x.relu6()
        case (let maximum, _):
            y = threshold == 0 ? x.relu() : x * (x .> threshold).cast(to: x.dtype)
            if let maximum { y = y.clipped(from: 0, to: maximum) }
        }
        return slope == 0 ? y : y - (threshold - x).relu() * slope
    }
}
