import Glibc
import Graph

/// Double precision as `BinaryOp` and `UnaryOp` define it, by libm.
enum DoubleElements {
    static func unary(_ op: UnaryOp) -> ((Double) -> Double)? {
        switch op {
        case .negate: { -$0 }
        case .abs: { $0.magnitude }
        case .sign: { $0 > 0 ? 1 : ($0 < 0 ? -1 : $0) }
        case .exp: { exp($0) }
        case .expm1: { expm1($0) }
        case .log: { log($0) }
        case .log1p: { log1p($0) }
        case .sqrt: { $0.squareRoot() }
        case .rsqrt: { 1 / $0.squareRoot() }
        case .tanh: { tanh($0) }
        case .logistic:
            { x in
                let e = exp(-x.magnitude)
                return x >= 0 ? 1 / (1 + e) : e / (1 + e)
            }
        case .sin: { sin($0) }
        case .cos: { cos($0) }
        case .erf: { erf($0) }
        case .floor: { $0.rounded(.down) }
        case .ceil: { $0.rounded(.up) }
        case .round: { $0.rounded(.toNearestOrEven) }
        case .roundToBFloat16: { Double(Float($0).roundedToBFloat16) }
        case .relu: { $0 > 0 ? $0 : ($0.isNaN ? $0 : 0) }
        case .softplus: { ($0 > 0 ? $0 : ($0.isNaN ? $0 : 0)) + log1p(exp(-$0.magnitude)) }
        case .isFinite, .not: nil
        }
    }

    static func binary(_ op: BinaryOp) -> (Double, Double) -> Double {
        switch op {
        case .add: { $0 + $1 }
        case .subtract: { $0 - $1 }
        case .multiply: { $0 * $1 }
        case .divide: { $0 / $1 }
        case .remainder: { fmod($0, $1) }
        case .maximum: { $0.isNaN ? $0 : ($1.isNaN ? $1 : ($0 > $1 ? $0 : $1)) }
        case .minimum: { $0.isNaN ? $0 : ($1.isNaN ? $1 : ($0 < $1 ? $0 : $1)) }
        case .power: { pow($0, $1) }
        case .squaredDifference: { ($0 - $1) * ($0 - $1) }
        }
    }
}
