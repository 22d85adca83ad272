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
        let joined = aligned.dropFirst().reduce(first) { x, y in
            switch function {
            case .add, .average: x + y
            case .subtract: x - y
            case .multiply: x * y
            case .maximum: x.maximum(y)
            case .minimum: x.minimum(y)
            }
        }
        return [function == .average ? joined / Double(inputs.count) : joined]
    }
}
