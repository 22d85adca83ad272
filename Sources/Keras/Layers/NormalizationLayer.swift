import Formats
import Graph
import OrderedCollections

/// `(x − mean) / √variance` with numbers that are known beforehand (Keras: `Normalization`): those of the configuration, or
/// the variables `mean` and `variance`, which Keras' `adapt()` sets and no training changes.
struct NormalizationLayer: UnaryLayer {
    static let className = "Normalization"
    let common: LayerHeader
    private let axes: RowAxes
    private let isInverse: Bool
    /// Mean and variance of the configuration, as many of each; nil: they are variables.
    private let numbers: (mean: [Double], variance: [Double])?
    private let meanPointer: JSONPointer

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        // Null is one number for all, which is not the default.
        axes = RowAxes(reader, default: reader.members["axis"]?.isNull == true ? [] : [-1])
        isInverse = reader.bool("invert", default: false)
        meanPointer = reader.pointer(to: "mean")
        let mean = NormalizationLayer.numbers(reader, "mean")
        let variance = NormalizationLayer.numbers(reader, "variance")
        guard reader.has("mean") || reader.has("variance") else {
            numbers = nil
            return
        }
        guard reader.has("mean"), reader.has("variance") else {
            reader.fault(
                reader.has("mean") ? "variance" : "mean", "is required: give both mean and variance, or neither")
            return nil
        }
        guard let mean, let variance else { return nil }
        guard mean.count == variance.count else {
            reader.fault("variance", "must have as many numbers as mean, \(mean.count), not \(variance.count)")
            return nil
        }
        numbers = (mean, variance)
    }

    /// A number, or a list of some; nil where it is not given or at fault.
    private static func numbers(_ reader: ObjectReader, _ name: String) -> [Double]? {
        let range: NumberRange = name == "variance" ? .notNegative : .any
        guard reader.value(name)?.array != nil else { return reader.double(name, in: range).map { [$0] } }
        return reader.doubles(name, in: range, count: 1...1_000_000)
    }

    var masking: Masking { .passes }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        let shape = try axes.places(in: input, of: self).map { input[$0] }
        guard let numbers else {
            return LayerPlan(
                input,
                variables: [
                    LayerVariable("mean", shape: shape, initializer: .zeros, isTrainable: false),
                    LayerVariable("variance", shape: shape, initializer: .ones, isTrainable: false),
                    LayerVariable("count", shape: [], initializer: .zeros, isTrainable: false),
                ])
        }
        if numbers.mean.count != 1, numbers.mean.count != shape.last {
            throw SpecError(
                meanPointer,
                "has \(numbers.mean.count) numbers, but a row of \(name)'s input has the shape \(input), and axis is "
                    + "\(axes.axes): expected one number, or \(shape.last.map { "\($0)" } ?? "no more")")
        }
        return LayerPlan(input)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let axes = axes.tensorAxes(rank: x.rank)
        let shape: [Int]
        let mean: Tensor
        let variance: Tensor
        if let numbers {
            let last = numbers.mean.count == 1 ? nil : axes.last
            shape = x.shape.dimensions.indices.map { $0 == last ? x.shape[$0] : 1 }
            mean = x.builder.constant(numbers.mean, shape: [numbers.mean.count])
            variance = x.builder.constant(numbers.variance, shape: [numbers.variance.count])
        } else {
            shape = x.shape.dimensions.indices.map { axes.contains($0) ? x.shape[$0] : 1 }
            mean = call["mean"]
            variance = call["variance"]
        }
        let deviation = variance.sqrt().maximum(1e-7).reshape(to: shape)
        let middle = mean.reshape(to: shape)
        return isInverse ? x * deviation + middle : (x - middle) / deviation
    }
}
