import Formats
import Graph

/// Rows divided by their size along some axes, without taking off the mean (Keras: `UnitNormalization`, by the norm;
/// `RMSNormalization`, by the root of the mean square, then scaled).
struct NormLayer: UnaryLayer {
    /// Which of both.
    enum Function {
        /// To a norm of 1.
        case unit
        /// To a mean square of 1.
        case meanSquare(epsilon: Double)
    }

    let common: LayerHeader
    private let axes: RowAxes
    private let function: Function

    private init?(_ common: LayerHeader, _ reader: ObjectReader, _ function: Function) {
        self.common = common
        self.function = function
        axes = RowAxes(reader)
        if axes.axes.isEmpty {
            reader.fault("axis", "must name at least one axis")
            return nil
        }
    }

    /// Reads a `UnitNormalization`.
    static func unit(_ common: LayerHeader, _ reader: ObjectReader) -> NormLayer? { NormLayer(common, reader, .unit) }

    /// Reads an `RMSNormalization`.
    static func meanSquare(_ common: LayerHeader, _ reader: ObjectReader) -> NormLayer? {
        let epsilon = reader.double("epsilon", default: 1e-6, in: .notNegative)
        return NormLayer(common, reader, .meanSquare(epsilon: epsilon))
    }

    var masking: Masking {
        switch function {
        case .unit: .passes
        case .meanSquare: .drops
        }
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        switch function {
        case .unit:
            _ = try axes.places(in: input, of: self)
            return LayerPlan(input)
        case .meanSquare:
            let shape = try axes.places(in: input, of: self, isOrdered: true).map { input[$0] }
            return LayerPlan(input, variables: [LayerVariable("scale", shape: shape, initializer: .ones)])
        }
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let axes = axes.tensorAxes(rank: x.rank)
        switch function {
        case .unit: return x.unitNormalized(axes: axes, version: common.version, least: 1e-12)
        case .meanSquare(let epsilon):
            let shape = x.shape.dimensions.indices.map { axes.contains($0) ? x.shape[$0] : 1 }
            let size = (x.square().reduceMean(axes: axes, keepDimensions: true) + epsilon).rsqrt()
            return x * size * call["scale"].reshape(to: shape)
        }
    }
}

extension Tensor {
    /// Divided by the norm along axes. Keras 2 takes a square of the norm of at least 1e-12, Keras 3 a norm of at least
    /// `least`.
    func unitNormalized(axes: [Int], version: KerasVersion, least: Double) -> Tensor {
        let leastSquare =
            switch version {
            case .keras2: 1e-12
            case .keras3: least * least
            }
        return self * square().reduceSum(axes: axes, keepDimensions: true).maximum(leastSquare).rsqrt()
    }
}
