import Formats
import Graph

/// Tensors joined element by element (Keras: `Add`, `Subtract`, `Multiply`, `Average`, `Maximum`, `Minimum`). An extent of 1
/// stretches; a tensor of fewer axes gets new ones of extent 1 behind the batch axis.
struct MergeLayer: Layer {
    /// How two become one; the average divides by their number at the end.
    private enum Function: String {
        case add = "Add"
        case subtract = "Subtract"
        case multiply = "Multiply"
        case average = "Average"
        case maximum = "Maximum"
        case minimum = "Minimum"
    }

    let common: LayerHeader
    private let function: Function

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        guard let function = Function(rawValue: common.className) else { return nil }
        self.common = common
        self.function = function
    }

    var masking: Masking { .joins }

    func plan(_ inputs: [[Int]], _ arguments: CallArguments) throws(SpecError) -> LayerPlan {
        let place = arguments.pointer ?? pointer
        if function == .subtract, inputs.count != 2 {
            throw SpecError(place, "\(name) (Subtract) takes two inputs, but it is called with \(inputs.count)")
        }
        var shape = Shape(inputs.first ?? [])
        for input in inputs.dropFirst() {
            guard let both = shape.broadcast(with: Shape(input)) else {
                throw SpecError(
                    place,
                    "\(name) (\(common.className)) can't join rows of shape \(shape.dimensions) and of shape \(input): "
                        + "expected the same extents, or 1")
            }
            shape = both
        }
        return LayerPlan(shape.dimensions)
    }

    func call(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor] {
        let rank = inputs.map(\.rank).max() ?? 0
        let aligned = inputs.map { x in
            let dimensions = x.shape.dimensions
            let ones = Array(repeating: 1, count: rank - dimensions.count)
            return x.reshape(to: Array(dimensions.prefix(1)) + ones + dimensions.dropFirst())
        }
        guard let first = aligned.first else { return inputs }
        // Tensors that Keras 3 gives new axes have lost their masks when it joins them.
        let isMasked =
            call.version == .keras3 && call.masks.contains { $0 != nil } && inputs.allSatisfy { $0.rank == rank }
        if isMasked, function == .multiply { return [maskedProduct(aligned, call)] }
        if isMasked, [.maximum, .minimum].contains(function) { return [maskedExtreme(aligned, call)] }
        let joined = aligned.dropFirst().reduce(first, joined)
        return [function == .average ? joined / Double(inputs.count) : joined]
    }

    private func joined(_ x: Tensor, _ y: Tensor) -> Tensor {
        switch function {
        case .add, .average: x + y
        case .subtract: x - y
        case .multiply: x * y
        case .maximum: x.maximum(y)
        case .minimum: x.minimum(y)
        }
    }

    /// Keras 3's product: what an input leaves out is 1 in it, and what all leave out is 0.
    private func maskedProduct(_ inputs: [Tensor], _ call: LayerCall) -> Tensor {
        let factors = zip(inputs, call.masks).map { x, mask in
            mask.map { spread($0, over: x).select(x, call.builder.constant(1, dtype: x.dtype)) } ?? x
        }
        let product = factors.dropFirst().reduce(factors[0], *)
        guard let mask = call.joinedMask else { return product }
        return spread(mask, over: product).select(product, call.builder.constant(0, dtype: product.dtype))
    }

    /// Keras 3's largest or smallest of each number: what an input leaves out is that of the others.
    private func maskedExtreme(_ inputs: [Tensor], _ call: LayerCall) -> Tensor {
        var (extreme, extremeMask) = (inputs[0], call.masks[0])
        for (input, mask) in zip(inputs, call.masks).dropFirst() {
            let x = mask.map { spread($0, over: input).select(input, extreme) } ?? input
            let y = extremeMask.map { spread($0, over: extreme).select(extreme, x) } ?? extreme
            extreme = joined(y, x)
            extremeMask = mask.flatMap { mask in extremeMask.map { $0 .| mask } }
        }
        return extreme
    }

    /// A mask with axes of extent 1 behind its own.
    private func spread(_ mask: Tensor, over x: Tensor) -> Tensor {
        let dimensions = mask.shape.dimensions
        return mask.reshape(to: dimensions + Array(repeating: 1, count: max(0, x.rank - dimensions.count)))
    }
}
