import Formats
import Graph

/// `x · scale + offset` (Keras: `Rescaling`), with one number for all or one for each of the last axis.
struct RescalingLayer: UnaryLayer {
    static let className = "Rescaling"
    let common: LayerHeader
    private let scale: [Double]
    private let offset: [Double]

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        let scale = RescalingLayer.numbers(reader, "scale", default: nil)
        let offset = RescalingLayer.numbers(reader, "offset", default: [0])
        guard let scale, let offset else { return nil }
        self.scale = scale
        self.offset = offset
    }

    /// A number, or a list of some; nil where it is at fault.
    private static func numbers(_ reader: ObjectReader, _ name: String, default fallback: [Double]?) -> [Double]? {
        guard let value = reader.value(name, required: fallback == nil) else { return fallback }
        guard value.array != nil else { return reader.double(name).map { [$0] } }
        return reader.doubles(name, count: 1...1_000_000)
    }

    var masking: Masking { .passes }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        for (name, values) in [("scale", scale), ("offset", offset)] where values.count > 1 {
            guard values.count == input.last else {
                throw SpecError(
                    pointer,
                    "\(name) has \(values.count) numbers, but a row of its input has the shape \(input): give one number, "
                        + "or one for each of the last axis")
            }
        }
        return LayerPlan(input)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        func tensor(_ values: [Double]) -> Tensor {
            values.count == 1
                ? x.builder.constant(values[0]) : x.builder.constant(values, shape: Shape([values.count]))
        }
        return x * tensor(scale) + tensor(offset)
    }
}
