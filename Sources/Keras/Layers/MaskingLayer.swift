import Formats
import Graph

/// Time steps whose numbers all are `mask_value` are left out by the layers behind, and become zeros (Keras: `Masking`).
struct MaskingLayer: UnaryLayer {
    static let className = "Masking"
    let common: LayerHeader
    private let value: Double

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        value = reader.double("mask_value", default: 0)
    }

    var masking: Masking { .makes }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        guard input.count == 2 else {
            throw SpecError(
                pointer,
                "\(name) (Masking) takes rows [time, features]; rows of shape \(input) are not supported",
                code: SpecError.notSupported)
        }
        return LayerPlan(input)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        x * counts(x).cast(to: x.dtype).expandDimensions(at: -1)
    }

    func masks(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor?] { inputs.map(counts) }

    /// True for the steps that have another number.
    private func counts(_ x: Tensor) -> Tensor {
        (x .!= value).cast(to: x.dtype).reduceMax(axes: [-1]) .> 0
    }
}
