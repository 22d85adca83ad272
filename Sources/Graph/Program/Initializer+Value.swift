import Glibc

extension Initializer {
    /// The value of a variable of this type: a function of (initializer, type, seed, name) alone, so that neither the
    /// order of creation nor the number of processes shows.
    package func value(type: TensorType, seed: UInt64, name: String) -> Literal {
        let stream = RandomStream(seed: seed, name: name)
        switch self {
        case .constant(let value):
            return .splat(value, type)
        case .literal(let literal):
            return literal
        case .uniform(let low, let high):
            return Literal(type: type, doubles: (0..<type.count).map { stream.uniform($0, low, high) })
        case .normal(let mean, let deviation):
            return Literal(type: type, doubles: (0..<type.count).map { mean + deviation * stream.normal($0) })
        case .truncatedNormal(let mean, let deviation):
            return Literal(type: type, doubles: (0..<type.count).map { mean + deviation * stream.truncatedNormal($0) })
        case .varianceScaling(let scale, let fan, let distribution):
            return Initializer.scaled(variance: scale / fan.value(of: type.shape), distribution)
                .value(type: type, seed: seed, name: name)
        case .orthogonal(let gain):
            let matrix = OrthogonalMatrix(type.shape) { stream.normal($0) }
            return Literal(type: type, doubles: matrix.elements.map { gain * $0 })
        case .identity(let gain):
            let width = type.shape.dimensions.last ?? 1
            return Literal(type: type, doubles: (0..<type.count).map { $0 / width == $0 % width ? gain : 0 })
        }
    }

    private static func scaled(variance: Double, _ distribution: Distribution) -> Initializer {
        switch distribution {
        case .uniform:
            let limit = (3 * variance).squareRoot()
            return .uniform(low: -limit, high: limit)
        case .truncatedNormal:
            // The deviation of a standard normal cut at two deviations.
            return .truncatedNormal(mean: 0, standardDeviation: variance.squareRoot() / 0.87962566103423978)
        case .untruncatedNormal:
            return .normal(mean: 0, standardDeviation: variance.squareRoot())
        }
    }
}

extension Initializer.Fan {
    /// The fan of a kernel of this shape, at least 1 (Keras' `compute_fans`: a vector's extent counts for both).
    package func value(of shape: Shape) -> Double {
        let field = shape.dimensions.dropLast(2).reduce(1, *)
        let (fanIn, fanOut) =
            switch shape.rank {
            case 0: (1, 1)
            case 1: (shape[0], shape[0])
            default: (field * shape[shape.rank - 2], field * shape[shape.rank - 1])
            }
        let value =
            switch self {
            case .fanIn: Double(fanIn)
            case .fanOut: Double(fanOut)
            case .fanAverage: Double(fanIn + fanOut) / 2
            }
        return max(1, value)
    }
}

/// Numbers of one variable: Philox keyed by the seed, mixed with the name's FNV-1a hash; each element has its own
/// counters, attempts of the cut Gaussian count up in the counter's high half.
private struct RandomStream {
    private let philox: Philox
    private let stream: UInt64

    init(seed: UInt64, name: String) {
        philox = Philox(key: seed)
        stream = name.fnv1a & ~0xFFFF
    }

    func uniform(_ element: Int, _ low: Double, _ high: Double) -> Double {
        let words = philox.block(low: UInt64(element), high: stream)
        return low + (high - low) * Philox.unitDouble(words[0], words[1])
    }

    func normal(_ element: Int, attempt: UInt64 = 0) -> Double {
        let words = philox.block(low: UInt64(element), high: stream | attempt)
        // Box and Muller 1958; 1 − u is never 0.
        let radius = (-2 * log(1 - Philox.unitDouble(words[0], words[1]))).squareRoot()
        return radius * cos(2 * .pi * Philox.unitDouble(words[2], words[3]))
    }

    func truncatedNormal(_ element: Int) -> Double {
        for attempt in 0..<64 as Range<UInt64> {
            let value = normal(element, attempt: attempt)
            if value.magnitude <= 2 { return value }
        }
        return 0
    }
}
