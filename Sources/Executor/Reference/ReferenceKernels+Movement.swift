import Graph

extension ReferenceKernels {
    static func iota(_ type: TensorType, _ axis: Int) -> ReferenceValue {
        let places = indices(of: type.shape).map { Int64($0[axis]) }
        return type.dtype.isFloating ? .rounding(type, places.map(Double.init)) : .wrapping(type, places)
    }

    static func randomUniform(_ type: TensorType, _ seed: UInt64, _ counter: ReferenceValue) -> ReferenceValue {
        let philox = Philox(key: seed)
        let draw = UInt64(bitPattern: counter.wholes[0])
        let elements = (0..<type.count).map { place in
            Double(Philox.unitFloat(philox.block(low: UInt64(place / 4), high: draw)[place % 4]))
        }
        return .rounding(type, elements)
    }

    static func broadcast(_ x: ReferenceValue, _ shape: Shape, _ dimensions: [Int]) -> ReferenceValue {
        let strides = x.type.shape.strides
        let places = indices(of: shape).map { index in
            place(dimensions.indices.map { x.type.shape[$0] == 1 ? 0 : index[dimensions[$0]] }, strides)
        }
        return x.picking(places, shape: shape)
    }

    static func transpose(_ x: ReferenceValue, _ permutation: [Int], _ type: TensorType) -> ReferenceValue {
        let strides = x.type.shape.strides
        let moved = permutation.map { strides[$0] }
        return x.picking(indices(of: type.shape).map { place($0, moved) }, shape: type.shape)
    }

    static func slice(
        _ x: ReferenceValue, _ starts: [Int], _ steps: [Int], _ type: TensorType
    ) -> ReferenceValue {
        let strides = x.type.shape.strides
        let places = indices(of: type.shape).map { index in
            place(index.indices.map { starts[$0] + index[$0] * steps[$0] }, strides)
        }
        return x.picking(places, shape: type.shape)
    }

    static func pad(
        _ x: ReferenceValue, _ fill: ReferenceValue, _ low: [Int], _ interior: [Int], _ type: TensorType
    ) -> ReferenceValue {
        // The filling element comes after the others.
        let joined = concatenate(
            [x.picking(Array(0..<x.type.count), shape: [x.type.count]), fill.picking([0], shape: [1])], 0,
            x.type.with([x.type.count + 1]))
        let strides = x.type.shape.strides
        let places = indices(of: type.shape).map { index in
            var source: [Int] = []
            for axis in index.indices {
                let offset = index[axis] - low[axis]
                let step = interior[axis] + 1
                guard offset >= 0, offset % step == 0, offset / step < x.type.shape[axis] else { return x.type.count }
                source.append(offset / step)
            }
            return place(source, strides)
        }
        return joined.picking(places, shape: type.shape)
    }

    static func concatenate(_ x: [ReferenceValue], _ axis: Int, _ type: TensorType) -> ReferenceValue {
        let outer = type.shape.dimensions.prefix(axis).reduce(1, *)
        func join<Element>(_ parts: [[Element]]) -> [Element] {
            (0..<outer).flatMap { row in
                parts.flatMap { $0[(row * $0.count / outer)..<((row + 1) * $0.count / outer)] }
            }
        }
        switch type.dtype {
        case .float32:
            return ReferenceValue(
                type,
                .single(join(x.map { if case .single(let elements) = $0.storage { elements } else { [] } })))
        case .float64: return ReferenceValue(type, .double(join(x.map(\.doubles))))
        default: return ReferenceValue(type, .whole(join(x.map(\.wholes))))
        }
    }
}
