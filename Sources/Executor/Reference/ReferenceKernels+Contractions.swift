import Glibc
import Graph

extension ReferenceKernels {
    static func dot(
        _ x: ReferenceValue, _ y: ReferenceValue, _ left: Bool, _ right: Bool, _ type: TensorType
    ) -> ReferenceValue {
        let rank = type.shape.rank
        let (m, n) = (type.shape[rank - 2], type.shape[rank - 1])
        let k = x.type.shape[left ? rank - 2 : rank - 1]
        let (a, b) = (x.doubles, y.doubles)
        var result: [Double] = []
        result.reserveCapacity(type.count)
        for batch in 0..<type.shape.dimensions.dropLast(2).reduce(1, *) {
            for i in 0..<m {
                for j in 0..<n {
                    var sum = 0.0
                    for l in 0..<k {
                        let p = batch * m * k + (left ? l * m + i : i * k + l)
                        let q = batch * k * n + (right ? j * k + l : l * n + j)
                        sum += a[p] * b[q]
                    }
                    result.append(sum)
                }
            }
        }
        return .rounding(type, result)
    }

    static func reduce(_ reduction: Reduction, _ x: ReferenceValue, _ axes: [Int], _ type: TensorType) -> ReferenceValue
    {
        let shape = x.type.shape
        let kept = shape.dimensions.indices.filter { !axes.contains($0) }
        let strides = type.shape.strides
        let targets = indices(of: shape).map { index in place(kept.map { index[$0] }, strides) }
        if case .whole(let elements) = x.storage {
            let bounds = type.dtype.bounds
            let identity: Int64 =
                switch reduction {
                case .sum: 0
                case .product: 1
                case .max: bounds.least
                case .min: bounds.most
                }
            var result = [Int64](repeating: identity, count: type.count)
            for (element, target) in zip(elements, targets) {
                switch reduction {
                case .sum: result[target] = result[target] &+ element
                case .product: result[target] = result[target] &* element
                case .max: result[target] = Swift.max(result[target], element)
                case .min: result[target] = Swift.min(result[target], element)
                }
            }
            return .wrapping(type, result)
        }
        let identity: Double =
            switch reduction {
            case .sum: 0
            case .product: 1
            case .max: -.infinity
            case .min: .infinity
            }
        var result = [Double](repeating: identity, count: type.count)
        for (element, target) in zip(x.doubles, targets) {
            switch reduction {
            case .sum: result[target] += element
            case .product: result[target] *= element
            case .max: if element > result[target] || element.isNaN { result[target] = element }
            case .min: if element < result[target] || element.isNaN { result[target] = element }
            }
        }
        return .rounding(type, result)
    }

    static func argMax(_ x: ReferenceValue, _ axis: Int, _ type: TensorType) -> ReferenceValue {
        let elements = x.doubles
        let wholes = x.wholes
        let extent = x.type.shape[axis]
        let inner = x.type.shape.strides[axis]
        let isReal = x.type.dtype.isFloating
        let result = (0..<type.count).map { place in
            let start = place / inner * inner * extent + place % inner
            var best = 0
            for candidate in 1..<Swift.max(extent, 1) {
                let (p, q) = (start + candidate * inner, start + best * inner)
                let isLarger =
                    isReal
                    ? elements[p] > elements[q] || (elements[p].isNaN && !elements[q].isNaN) : wholes[p] > wholes[q]
                if isLarger { best = candidate }
            }
            return Int64(best)
        }
        return ReferenceValue(type, .whole(result))
    }

    /// Applies a function to each row along the last axis.
    static func rows(_ x: ReferenceValue, _ body: ([Double]) -> [Double]) -> ReferenceValue {
        let width = x.type.shape[x.type.shape.rank - 1]
        let elements = x.doubles
        guard width > 0 else { return x }
        return .rounding(
            x.type,
            stride(from: 0, to: elements.count, by: width).flatMap { body(Array(elements[$0..<($0 + width)])) })
    }

    static func logSoftmax(_ row: [Double]) -> [Double] {
        let largest = row.contains(where: \.isNaN) ? .nan : row.max() ?? 0
        let sum = row.reduce(0) { $0 + exp($1 - largest) }
        return row.map { $0 - largest - log(sum) }
    }

    static func softmax(_ row: [Double]) -> [Double] {
        let largest = row.contains(where: \.isNaN) ? .nan : row.max() ?? 0
        let powers = row.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    static func crossEntropy(_ logits: ReferenceValue, _ labels: ReferenceValue, _ type: TensorType) -> ReferenceValue {
        let classes = logits.type.shape[1]
        let elements = logits.doubles
        let losses = labels.wholes.enumerated().map { row, label in
            guard (0..<Int64(classes)).contains(label) else { return Double.nan }
            return -logSoftmax(Array(elements[(row * classes)..<((row + 1) * classes)]))[Int(label)]
        }
        return .rounding(type, losses)
    }

    static func crossEntropyGradient(
        _ logits: ReferenceValue, _ labels: ReferenceValue, _ upstream: ReferenceValue
    ) -> ReferenceValue {
        let classes = logits.type.shape[1]
        let elements = logits.doubles
        let weights = upstream.doubles
        let result = labels.wholes.enumerated().flatMap { row, label -> [Double] in
            guard (0..<Int64(classes)).contains(label) else { return [Double](repeating: .nan, count: classes) }
            let shares = softmax(Array(elements[(row * classes)..<((row + 1) * classes)]))
            return shares.enumerated().map { ($1 - ($0 == Int(label) ? 1 : 0)) * weights[row] }
        }
        return .rounding(logits.type, result)
    }
}
