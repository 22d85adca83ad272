import Formats
import Graph

/// What the functions make of the shape of a row, and those that are more than a line.
extension Activation {
    /// The functions that look at all numbers along the last axis.
    private static let ofLastAxis: Set<Activation> = [.softmax, .logSoftmax, .sparsemax, .glu]

    /// The plan of a layer that ends in the function.
    ///
    /// - Parameters:
    ///   - row: what the function takes of a row.
    ///   - numbers: what a row takes within the layer before.
    /// - Throws: at the layer, where the function takes no such row.
    func plan(
        _ row: [Int], variables: [LayerVariable] = [], numbers: Int = 0, in layer: any Layer
    ) throws(SpecError) -> LayerPlan {
        let within = self.numbers(of: row)
        return LayerPlan(
            try shape(of: row, in: layer), variables: variables, numbers: numbers.addingSaturated(within))
    }

    /// The shape of a row behind the function.
    private func shape(of row: [Int], in layer: any Layer) throws(SpecError) -> [Int] {
        guard Activation.ofLastAxis.contains(self) else { return row }
        guard let extent = row.last else {
            throw SpecError(layer.pointer, "\(rawValue) needs rows of at least one axis")
        }
        guard self == .glu else { return row }
        guard extent.isMultiple(of: 2) else {
            throw SpecError(
                layer.pointer,
                "the activation glu of \(layer.name) (\(layer.common.className)) halves the last axis of its rows: "
                    + "expected an even extent, found \(extent)")
        }
        return row.dropLast() + [extent / 2]
    }

    /// Numbers that a row takes within the function, beside its result.
    private func numbers(of row: [Int]) -> Int {
        switch self {
        case .glu: row.saturatedProduct
        case .sparsemax: row.saturatedProduct.multipliedSaturated(by: row.last ?? 1)
        case .linear, .relu, .relu6, .leakyRelu, .elu, .selu, .gelu, .silu, .sigmoid, .hardSigmoid, .tanh, .softmax,
            .logSoftmax, .softplus, .softsign, .exponential, .celu, .hardShrink, .hardSilu, .hardTanh, .logSigmoid,
            .mish, .softShrink, .sparsePlus, .sparseSigmoid, .squareplus, .tanhShrink:
            0
        }
    }
}

extension Tensor {
    /// The first half of the last axis times the sigmoid of the second (Dauphin et al. 2017; Keras: `glu`).
    func gatedLinear() -> Tensor {
        let half = (shape.dimensions.last ?? 0) / 2
        let halves = split(sizes: [half, half], axis: -1)
        return halves[0] * halves[1].sigmoid()
    }

    /// The point nearest to a vector whose numbers are at least 0 and add up to 1, along the last axis (Martins and Astudillo
    /// 2016; Keras: `sparsemax`). Nothing is sorted: all pairs are compared, n² numbers for n along the axis.
    func sparsemax() -> Tensor {
        // Of the same point as the vector itself; its numbers are small, so that little is lost in their sums.
        let z = self - reduceMax(axes: [-1], keepDimensions: true).stopGradient()
        // 1 + k·z > the sum of the k numbers that are at least z, without the sums' rounding.
        let excess = (z.expandDimensions(at: -2) - z.expandDimensions(at: -1)).relu().reduceSum(axes: [-1])
        let isAbove = excess .< 1
        let count = isAbove.cast(to: dtype).reduceSum(axes: [-1], keepDimensions: true)
        let sum = isAbove.select(z, builder.constant(0, dtype: dtype)).reduceSum(axes: [-1], keepDimensions: true)
        return (z - (sum - 1) / count).relu()
    }
}
