public import Graph
public import OrderedCollections

/// A metric function and the tensors that it is called with (TensorFlow: the pair `eval_metrics`, rules M1–M8).
///
/// A value of this type is valid (M1–M3): its initializers check what the source's specs check. The tensors of a model are
/// batch-major, never scalars; what the cores send is joined in core order.
public struct EvaluationMetrics<Element> {
    /// The metric function.
    package let function: MetricFunction
    /// What it is called with.
    package let tensors: MetricTensors<Element>

    /// Metrics of tensors by position.
    ///
    /// - Throws: `EstimatorError.metricArgumentCount` when there are not as many tensors as the function has parameters,
    ///   those with defaults included (M1, M2).
    public init(_ function: MetricFunction, _ tensors: [Element]) throws(EstimatorError) {
        guard tensors.count == function.parameters.count else {
            throw .metricArgumentCount(expected: function.parameters.count, actual: tensors.count)
        }
        self.init(function, .positional(tensors))
    }

    /// Metrics of tensors by the names of the function's parameters. Nothing is compared: a mismatch shows when the function
    /// is called (M3).
    public init(_ function: MetricFunction, _ tensors: OrderedDictionary<String, Element>) {
        self.init(function, .named(tensors))
    }

    private init(_ function: MetricFunction, _ tensors: MetricTensors<Element>) {
        self.function = function
        self.tensors = tensors
    }

    /// Metrics as Python writes them: `[function, tensors]`, a list of two members of which the first is a ``MetricFunction``
    /// and the second a list or a dictionary of tensors. A dictionary without order is taken by its sorted keys.
    ///
    /// - Throws: the first of `EstimatorError.evalMetricsNotAPair`, `.evalMetricsCount`, `.metricFunctionNotCallable`,
    ///   `.metricTensorsNotACollection`, `.metricArgumentCount` (M1).
    public init(untyped value: Any) throws(EstimatorError) {
        guard let members = value as? [Any] else { throw .evalMetricsNotAPair }
        guard members.count == 2 else { throw .evalMetricsCount(members.count) }
        guard let function = members[0] as? MetricFunction else { throw .metricFunctionNotCallable }
        if let tensors = members[1] as? [Element] {
            try self.init(function, tensors)
        } else if let tensors = members[1] as? OrderedDictionary<String, Element> {
            self.init(function, tensors)
        } else if let tensors = members[1] as? [String: Element] {
            self.init(function, OrderedDictionary(uniqueKeysWithValues: tensors.sorted { $0.key < $1.key }))
        } else {
            throw .metricTensorsNotACollection
        }
    }

    /// The names of the tensors: those that they were given by, or the parameters'.
    package var names: [String] {
        switch tensors {
        case .positional: function.parameters
        case .named(let tensors): Array(tensors.keys)
        }
    }
}

/// The evaluation metrics of a model function's spec.
public typealias EvalMetrics = EvaluationMetrics<Tensor>

extension EvaluationMetrics where Element == Tensor {
    /// Metrics that name the tensors that they read.
    public init(tensors: OrderedDictionary<String, Tensor>, metrics: [Metric]) {
        let function = MetricFunction(Array(tensors.keys)) { arguments in
            var named: OrderedDictionary<String, Metric> = [:]
            for metric in metrics { named[metric.name] = metric.renamingInputs { arguments[$0] } }
            return named
        }
        self.init(function, tensors)
    }
}

extension EvaluationMetrics where Element: OutfeedTensor {
    /// What is known of the tensors.
    package var signatures: MetricTensors<TensorSignature> {
        let names = names
        return tensors.map { $1.signature(named: names[$0]) }
    }

    /// The metrics for evaluation on the CPU: the function is called with the tensors as they are (M4).
    ///
    /// - Throws: what calling the function throws. Where the tensors' names are at fault the log has a warning.
    package func metricsForHost(tracer: EventTracer = .silent) throws -> OrderedDictionary<String, Metric> {
        try call(signatures, tracer)
    }

    /// Calls the function; a mismatch of names is logged as a warning and thrown on.
    package func call(
        _ tensors: MetricTensors<TensorSignature>, _ tracer: EventTracer
    ) throws -> OrderedDictionary<String, Metric> {
        do {
            return try function(tensors, tracer: tracer)
        } catch let error as EstimatorError {
            if case .named = tensors, case .metricArgumentNames = error {
                tracer.log(
                    .warning,
                    "Exception while calling metric_fn for evaluation, probably the names of the tensors don't match its "
                        + "parameters: \(error).")
            }
            throw error
        }
    }
}
