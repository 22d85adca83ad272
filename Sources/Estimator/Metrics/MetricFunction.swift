public import OrderedCollections

/// Makes metrics of tensors (TensorFlow: `metric_fn`): what `eval_metrics` names first.
///
/// It is called once for each evaluation that is built, on the host, with the tensors as they arrive there.
public struct MetricFunction: Sendable {
    /// The positional parameters, in order; those with defaults count.
    package let parameters: [String]
    /// Of these the ones that a call may leave out.
    package let optional: Set<String>
    /// Whether it takes tensors by position beyond its parameters (`*args`).
    package let takesMorePositions: Bool
    /// Whether it takes tensors by other names than its parameters' (`**kwargs`).
    package let takesMoreNames: Bool
    private let body: @Sendable (MetricArguments) throws -> OrderedDictionary<String, Metric>

    /// A metric function with its parameters.
    ///
    /// - Parameters:
    ///   - parameters: the names of the parameters, in order.
    ///   - optional: those that a call may leave out. Default none.
    ///   - takesMorePositions: whether a call may pass more tensors by position. Default false.
    ///   - takesMoreNames: whether a call may pass tensors by other names. Default false.
    ///   - body: makes the metrics, by the names that they are reported under.
    public init(
        _ parameters: [String], optional: Set<String> = [], takesMorePositions: Bool = false,
        takesMoreNames: Bool = false,
        body: @escaping @Sendable (MetricArguments) throws -> OrderedDictionary<String, Metric>
    ) {
        self.parameters = parameters
        self.optional = optional
        self.takesMorePositions = takesMorePositions
        self.takesMoreNames = takesMoreNames
        self.body = body
    }

    /// Calls it with tensors by position or by name.
    ///
    /// - Throws: `EstimatorError.metricArgumentCount`, `.metricArgumentNames` where the tensors don't fit its parameters;
    ///   what its body throws.
    func callAsFunction(
        _ tensors: MetricTensors<TensorSignature>, tracer: EventTracer
    ) throws -> OrderedDictionary<String, Metric> {
        let arguments = try bind(tensors)
        tracer.record(.build(.metricFunction(arguments)))
        var metrics = try body(arguments)
        for (name, metric) in metrics { metrics[name] = metric.named(name) }
        return metrics
    }

    private func bind(_ tensors: MetricTensors<TensorSignature>) throws(EstimatorError) -> MetricArguments {
        let own = HostParameters(
            names: parameters, optional: optional, takesMorePositions: takesMorePositions,
            takesMoreNames: takesMoreNames)
        let bound: HostParameters.Bound<TensorSignature>
        do throws(HostParameters.Mismatch) { bound = try own.bind(tensors) } catch {
            switch error {
            case .count(let expected, let actual): throw .metricArgumentCount(expected: expected, actual: actual)
            case .names(let missing, let unexpected):
                throw .metricArgumentNames(missing: missing, unexpected: unexpected)
            }
        }
        return MetricArguments(
            parameters: parameters, tensors: bound.named,
            morePositions: takesMorePositions ? bound.morePositions : nil,
            moreNames: takesMoreNames ? bound.moreNames : nil)
    }
}

/// The tensors that a metric function is called with.
public struct MetricArguments: Sendable, Hashable {
    /// The function's parameters, in order.
    package let parameters: [String]
    /// The tensor of each parameter; none where it was left to its default.
    package let tensors: OrderedDictionary<String, TensorSignature>
    /// Tensors by position beyond the parameters; nil: the function takes none.
    package let morePositions: [TensorSignature]?
    /// Tensors by other names; nil: the function takes none.
    package let moreNames: OrderedDictionary<String, TensorSignature>?

    /// The tensor that was passed for this parameter or by this name, as metrics name what they read; the name itself where
    /// none was passed.
    public subscript(name: String) -> String { (tensors[name] ?? moreNames?[name])?.name ?? name }

    /// Whether a tensor was passed for this parameter or by this name.
    public func contains(_ name: String) -> Bool { tensors[name] != nil || moreNames?[name] != nil }

    /// The tensors that were passed by position beyond the parameters, as metrics name what they read.
    public var furtherTensors: [String] { (morePositions ?? []).map(\.name) }
}
