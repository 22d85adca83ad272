import Formats
import Graph

/// Tensors one behind the other along an axis (Keras: `Concatenate`).
struct ConcatenateLayer: Layer {
    static let className = "Concatenate"
    let common: LayerHeader
    /// With the batch axis as 0; negative ones count from the end.
    private let axis: Int
    private let axisPointer: JSONPointer

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        axis = reader.int("axis", default: -1, in: -8...8)
        axisPointer = reader.pointer(to: "axis")
    }

    var masking: Masking { .makes }

    func plan(_ inputs: [[Int]], _ arguments: CallArguments) throws(SpecError) -> LayerPlan {
        let first = inputs.first ?? []
        let place = axis < 0 ? axis + first.count : axis - 1
        guard first.indices.contains(place) else {
            throw SpecError(
                axisPointer,
                "\(axis) is not an axis of rows of shape \(first); 0 is the batch, which can't be concatenated")
        }
        var shape = first
        shape[place] = 0
        for input in inputs {
            let isSame =
                input.count == first.count && input.indices.allSatisfy { $0 == place || input[$0] == first[$0] }
            guard isSame else {
                throw SpecError(
                    arguments.pointer ?? pointer,
                    "\(name) (Concatenate) can't join rows of shape \(first) and of shape \(input) along axis \(axis): "
                        + "expected the same extents but for that axis")
            }
            shape[place] = shape[place].addingSaturated(input[place])
        }
        return LayerPlan(shape)
    }

    func call(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor] {
        [call.builder.concatenate(inputs, axis: axis)]
    }

    /// Along the time axis masks are one behind the other, too; along another axis they are joined.
    func masks(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor?] {
        guard let first = inputs.first, (axis < 0 ? axis + first.rank : axis) == 1, first.rank > 2,
            call.masks.contains(where: { $0 != nil })
        else { return [call.joinedMask] }
        let masks = zip(inputs, call.masks).map { input, mask in
            mask ?? call.builder.constant(1, shape: Shape([input.shape[0], input.shape[1]]), dtype: .bool)
        }
        return [call.builder.concatenate(masks, axis: 1)]
    }
}
