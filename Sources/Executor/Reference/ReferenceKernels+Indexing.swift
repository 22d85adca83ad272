import Graph

extension ReferenceKernels {
    static func gather(_ table: ReferenceValue, _ indices: ReferenceValue, _ type: TensorType) -> ReferenceValue {
        let rows = table.type.shape[0]
        let width = table.type.shape.removing(axes: [0]).count
        // The element behind the table's last one is what an index outside gives.
        let outside = table.type.count
        let filled = concatenate(
            [
                table.picking(Array(0..<outside), shape: [outside]),
                ReferenceValue(Literal.splat(table.type.dtype.isFloating ? .nan : 0, table.type.with([1]))),
            ], 0, table.type.with([outside + 1]))
        let places = indices.wholes.flatMap { row -> [Int] in
            guard 0 <= row, row < Int64(rows) else { return [Int](repeating: outside, count: width) }
            return (0..<width).map { Int(row) * width + $0 }
        }
        return filled.picking(places, shape: type.shape)
    }

    static func scatterAdd(_ indices: ReferenceValue, _ updates: ReferenceValue, _ type: TensorType) -> ReferenceValue {
        let width = type.shape.removing(axes: [0]).count
        func add<Number>(_ elements: [Number], _ zero: Number, _ sum: (Number, Number) -> Number) -> [Number] {
            var result = [Number](repeating: zero, count: type.count)
            for (number, row) in indices.wholes.enumerated() where 0 <= row && row < Int64(type.shape[0]) {
                for i in 0..<width {
                    let place = Int(row) * width + i
                    result[place] = sum(result[place], elements[number * width + i])
                }
            }
            return result
        }
        if case .whole(let elements) = updates.storage { return .wrapping(type, add(elements, 0, &+)) }
        return .rounding(type, add(updates.doubles, 0, +))
    }

    static func reverse(_ x: ReferenceValue, _ axes: [Int]) -> ReferenceValue {
        let (shape, strides) = (x.type.shape, x.type.shape.strides)
        let places = indices(of: shape).map { index in
            place(index.indices.map { axes.contains($0) ? shape[$0] - 1 - index[$0] : index[$0] }, strides)
        }
        return x.picking(places, shape: shape)
    }

    static func cumulativeSum(_ x: ReferenceValue, _ axis: Int, _ isReversed: Bool) -> ReferenceValue {
        let (extent, step) = (x.type.shape[axis], x.type.shape.strides[axis])
        func sums<Number>(_ elements: [Number], _ sum: (Number, Number) -> Number) -> [Number] {
            var result = elements
            // Row-major order meets each element behind the one that it is added to.
            let places = Array(elements.indices)
            for place in isReversed ? places.reversed() : places {
                let along = place / step % extent
                guard isReversed ? along + 1 < extent : along > 0 else { continue }
                result[place] = sum(result[isReversed ? place + step : place - step], elements[place])
            }
            return result
        }
        if case .whole(let elements) = x.storage { return .wrapping(x.type, sums(elements, &+)) }
        return .rounding(x.type, sums(x.doubles, +))
    }
}
