import Formats
import Graph

/// Each cell several times along the spatial axes (Keras: `UpSampling1D` to `3D`, by the nearest cell).
struct UpSamplingLayer: UnaryLayer {
    let common: LayerHeader
    private let size: [Int]

    init?(_ common: LayerHeader, _ reader: ObjectReader, axes: Int) {
        self.common = common
        reader.channelsLastOnly()
        if axes == 2 {
            reader.notSupported("interpolation", unless: "nearest", because: "this version has \"nearest\"")
        }
        let size =
            reader.has("size") ? reader.numbers("size", axes: axes) : Array(repeating: 2, count: axes)
        guard let size else { return nil }
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
            var shape = x.shape.dimensions
            let behind = shape[(axis + 1)...].reduce(1, *)
            let inFront = shape[...axis].reduce(1, *)
            shape[axis] *= times
            return x.reshape(to: [inFront, 1, behind]).broadcast(to: Shape([inFront, times, behind]))
                .reshape(to: shape)
        }
    }
}
