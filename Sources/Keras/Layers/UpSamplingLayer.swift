import Formats
import Graph

/// Several cells for each along the spatial axes (Keras: `UpSampling1D` to `3D`): the same, or on a line to the neighbour.
struct UpSamplingLayer: UnaryLayer {
    let common: LayerHeader
    private let size: [Int]
    private let interpolation: Interpolation

    /// What is between two cells.
    private enum Interpolation: String, CaseIterable {
        case nearest, bilinear, bicubic, lanczos3, lanczos5
    }

    /// Cells that one becomes along an axis, between which a line is drawn, at most.
    private static let mostOnALine = 1_000

    init?(_ common: LayerHeader, _ reader: ObjectReader, axes: Int) {
        self.common = common
        reader.channelsLastOnly()
        interpolation =
            axes == 2
            ? reader.choice("interpolation", of: Interpolation.self, later: [.bicubic, .lanczos3, .lanczos5])
                ?? .nearest
            : .nearest
        let size =
            reader.has("size") ? reader.numbers("size", axes: axes) : Array(repeating: 2, count: axes)
        guard let size else { return nil }
        if interpolation == .bilinear, let large = size.first(where: { $0 > UpSamplingLayer.mostOnALine }) {
            reader.fault(
                "size", "must be at most \(UpSamplingLayer.mostOnALine) with bilinear interpolation, not \(large)")
            return nil
        }
        self.size = size
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        try SlidingWindow.checkAxes(size.count, of: input, of: self)
        return LayerPlan(zip(input, size + [1]).map { $0.multipliedSaturated(by: $1) })
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        size.enumerated().reduce(x) { x, step in
            let (axis, times) = (step.offset + 1, step.element)
            if times == 1 { return x }
            if interpolation == .bilinear { return UpSamplingLayer.onLines(x, axis, times) }
            var shape = x.shape.dimensions
            let behind = shape[(axis + 1)...].reduce(1, *)
            let inFront = shape[...axis].reduce(1, *)
            shape[axis] *= times
            return x.reshape(to: [inFront, 1, behind]).broadcast(to: Shape([inFront, times, behind]))
                .reshape(to: shape)
        }
    }

    /// Cells on the lines between the middles of neighbouring cells; before the first and behind the last these alone.
    private static func onLines(_ x: Tensor, _ axis: Int, _ times: Int) -> Tensor {
        var shape = x.shape.dimensions
        // At least one, so that no range ends before it begins.
        let (extent, builder) = (max(1, shape[axis]), x.builder)
        let flat = [shape[..<axis].reduce(1, *), extent, 1, shape[(axis + 1)...].reduce(1, *)]
        let cells = x.reshape(to: flat)
        let before = builder.concatenate(
            [cells.slice(0..<1, axis: 1), cells.slice(0..<(extent - 1), axis: 1)], axis: 1)
        let behind = builder.concatenate(
            [cells.slice(1..<extent, axis: 1), cells.slice((extent - 1)..<extent, axis: 1)], axis: 1)
        // How far a new cell's middle is behind that of the cell that it lies in, from −½ to ½.
        let offsets = (0..<times).map { (Double($0) + 0.5) / Double(times) - 0.5 }
        func weights(_ weight: (Double) -> Double) -> Tensor {
            builder.constant(offsets.map(weight), shape: [1, 1, times, 1], dtype: x.dtype)
        }
        shape[axis] *= times
        return
            (cells * weights { 1 - abs($0) } + before * weights { max(0, -$0) } + behind * weights { max(0, $0) })
            .reshape(to: shape)
    }
}
