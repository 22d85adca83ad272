import Formats
import Graph

/// The sum of products along an axis of each of two tensors, row by row (Keras: `Dot`).
struct DotLayer: Layer {
    static let className = "Dot"
    let common: LayerHeader
    /// One of each input, with the batch axis as 0; negative ones count from the end.
    private let axes: [Int]
    private let axesPointer: JSONPointer
    private let isNormalized: Bool

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        axesPointer = reader.pointer(to: "axes")
        isNormalized = reader.bool("normalize", default: false)
        guard let axes = reader.numbers("axes", axes: 2, required: true, in: -8...8) else { return nil }
        self.axes = axes
    }

    func plan(_ inputs: [[Int]], _ arguments: CallArguments) throws(SpecError) -> LayerPlan {
        guard inputs.count == 2 else {
            throw SpecError(
                arguments.pointer ?? pointer, "\(name) (Dot) takes two inputs, but it is called with \(inputs.count)")
        }
        var rests: [[Int]] = []
        var extents: [Int] = []
        for (row, axis) in zip(inputs, axes) {
            let place = axis < 0 ? axis + row.count : axis - 1
            guard row.indices.contains(place), axis != 0 else {
                throw SpecError(
                    axesPointer,
                    "\(axis) is not an axis of rows of shape \(row); 0 is the batch, which can't be summed over")
            }
            extents.append(row[place])
            var rest = row
            rest.remove(at: place)
            rests.append(rest)
        }
        guard extents[0] == extents[1] else {
            throw SpecError(
                arguments.pointer ?? pointer,
                "\(name) (Dot) can't sum products of \(extents[0]) and \(extents[1]) numbers: rows have the shapes \(inputs[0]) "
                    + "and \(inputs[1]), and axes are \(axes)")
        }
        let shape = rests[0] + rests[1]
        return LayerPlan(shape.isEmpty ? [1] : shape)
    }

    func call(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor] {
        guard inputs.count == 2 else { return inputs }
        let places = zip(inputs, axes).map { $1 < 0 ? $1 + $0.rank : $1 }
        let tensors = zip(inputs, places).map { x, place in
            isNormalized ? x.unitNormalized(axes: [place], version: common.version, least: 1e-7) : x
        }
        // [batch, all others, summed] of both.
        let rests = zip(tensors, places).map { x, place in (1..<x.rank).filter { $0 != place } }
        let matrices = zip(zip(tensors, places), rests).map { pair, rest in
            let (x, place) = pair
            return x.transposed([0] + rest + [place])
                .reshape(to: [x.shape[0], rest.map { x.shape[$0] }.reduce(1, *), x.shape[place]])
        }
        let product = matrices[0].matmul(matrices[1], transposeB: true)
        let shape = zip(tensors, rests).flatMap { x, rest in rest.map { x.shape[$0] } }
        return [product.reshape(to: [product.shape[0]] + (shape.isEmpty ? [1] : shape))]
    }
}
