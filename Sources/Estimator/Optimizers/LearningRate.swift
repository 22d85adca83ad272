public import Graph

/// The rate of a step: fixed, or a function of the number of steps done.
public struct LearningRate: Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    private enum Kind {
        case constant(Double)
        case schedule(@Sendable (Tensor) -> Tensor)
    }

    private let kind: Kind

    /// The same rate in every step.
    public init(_ value: Double) { kind = .constant(value) }

    /// The same rate in every step.
    public init(floatLiteral value: Double) { self.init(value) }

    /// The same rate in every step.
    public init(integerLiteral value: Int) { self.init(Double(value)) }

    /// A rate that depends on the number of steps done: the closure gets that number as a scalar float32 (0 in the
    /// first step) and returns the rate, a scalar float32.
    public init(schedule: @escaping @Sendable (_ stepsDone: Tensor) -> Tensor) { kind = .schedule(schedule) }

    /// The rate of the step at hand, a scalar of the given type.
    package func value(in builder: GraphBuilder, dtype: DType = .float32) -> Tensor {
        switch kind {
        case .constant(let value): builder.constant(value, dtype: dtype)
        case .schedule(let rate):
            rate(GlobalStep.value(in: builder).cast(to: .float32)).cast(to: dtype)
        }
    }
}
