import Glibc

/// The functions that the reference kernels ask of a floating type, each the C library's.
protocol ReferenceFloat: BinaryFloatingPoint {
    /// e^x.
    static func exponential(_ x: Self) -> Self
    /// e^x − 1.
    static func exponentialMinusOne(_ x: Self) -> Self
    /// ln x.
    static func logarithm(_ x: Self) -> Self
    /// ln(1 + x).
    static func logarithmPlusOne(_ x: Self) -> Self
    /// tanh x.
    static func hyperbolicTangent(_ x: Self) -> Self
    /// sin x.
    static func sine(_ x: Self) -> Self
    /// cos x.
    static func cosine(_ x: Self) -> Self
    /// The error function.
    static func errorFunction(_ x: Self) -> Self
    /// x to the y-th.
    static func power(_ x: Self, _ y: Self) -> Self
}

extension Float: ReferenceFloat {
    static func exponential(_ x: Float) -> Float { exp(x) }
    static func exponentialMinusOne(_ x: Float) -> Float { expm1(x) }
    static func logarithm(_ x: Float) -> Float { log(x) }
    static func logarithmPlusOne(_ x: Float) -> Float { log1p(x) }
    static func hyperbolicTangent(_ x: Float) -> Float { tanh(x) }
    static func sine(_ x: Float) -> Float { sin(x) }
    static func cosine(_ x: Float) -> Float { cos(x) }
    static func errorFunction(_ x: Float) -> Float { erf(x) }
    static func power(_ x: Float, _ y: Float) -> Float { pow(x, y) }
}

extension Double: ReferenceFloat {
    static func exponential(_ x: Double) -> Double { exp(x) }
    static func exponentialMinusOne(_ x: Double) -> Double { expm1(x) }
    static func logarithm(_ x: Double) -> Double { log(x) }
    static func logarithmPlusOne(_ x: Double) -> Double { log1p(x) }
    static func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
    static func sine(_ x: Double) -> Double { sin(x) }
    static func cosine(_ x: Double) -> Double { cos(x) }
    static func errorFunction(_ x: Double) -> Double { erf(x) }
    static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
}
