import Estimator
import Formats
import Graph
import OrderedCollections
import Synchronization
import Testing

/// A real training, evaluation or prediction of a small model as a case of `call_order` describes it, traced: one step.
struct RealBuild {
    let input: SeedInput
    private let log = TraceLog()
    private let folder: TemporaryFolder
    private let each: SeedCase
    private let mode: ModeKeys
    private let context: TPUContext
    private let estimator: TPUEstimator

    init(_ each: SeedCase) throws {
        self.each = each
        folder = try TemporaryFolder()
        mode = try #require(try each.input.mode())
        input = try SeedInput(each.input)
        var config = try #require(each.input["config"]).runConfig()
        config.modelDirectory = folder.path
        var execution = ExecutionOptions.reference
        execution.tracer = log.tracer
        execution.wrapsInputIntoWhileLoop = try each.input.flag("wrap_input_fn_into_while_loop", default: false)
        let calls = CallLog()
        self.calls = calls
        let json = each.input
        context = try json.contextOfConfig(config)
        estimator = try TPUEstimator(
            declared: DeclaredModelFunction { arguments in
                calls.add(arguments.params?.batchSize)
                return try Self.model(json, arguments)
            }, config: config, params: ModelParameters(), useTPU: context.useTPU,
            trainBatchSize: context.trainBatchSize, evalBatchSize: context.evalBatchSize, execution: execution,
            startingPoint: StartingPoint(
                variables: OrderedDictionary(
                    uniqueKeysWithValues: try Self.variables(json).map { ($0, NDArray([Float(1)], shape: [])) })))
    }

    private let calls: CallLog

    /// The batch size that each call of the model function found.
    var modelCalls: [Int?] { calls.sizes }

    /// Runs one step of the mode.
    func run() throws {
        switch mode {
        case .train: _ = try estimator.train(input: input.function(), steps: 1)
        case .evaluate:
            let isOnCPU = try context.withMode(.evaluate).isRunningOnCPU
            _ = try estimator.evaluate(input: input.function(), steps: isOnCPU ? nil : 1)
        case .predict: try estimator.predict(input: input.function()) { _ in }
        }
    }

    /// What was traced up to the spec, and the spec.
    var events: (events: [Observed], spec: Observed) {
        var events: [Observed] = []
        for record in log.records {
            switch record.event {
            case .build(.spec(let summary)):
                guard case .object(var members) = summary.observed else { return (events, .null) }
                // A plain spec of the cases has no predictions, without which nothing is predicted here.
                if each.input["model_fn_returns"]?.string == "estimator_spec" { members["predictions"] = .null }
                return (events, .object(members))
            case .build(let event): events.append(observed(event))
            case .createVariable(.iterationsPerLoop): events.append(record.event.observed)
            case .log(_, let text) where text.hasPrefix("Running "): events.append(record.event.observed)
            default: continue
            }
        }
        return (events, .null)
    }

    /// A graph's tensors have no names here: they go by the metric function's parameters in place of the case's names.
    private func observed(_ event: BuildEvent) -> Observed {
        switch event {
        case .outfeedEnqueue(let tensors):
            return BuildEvent.outfeedEnqueue(tensors: tensors.map { names[$0] ?? $0 }).observed
        case .metricFunction(let arguments):
            return .object([
                "event": .string("metric_fn"),
                "arguments": .list(
                    arguments.parameters.map { parameter in
                        let name = arguments.tensors[parameter]?.name
                        return .list([.string(parameter), .optional(name.map { names[$0] ?? $0 })])
                    }),
            ])
        default: return event.observed
        }
    }

    /// The case's name of the tensor of each parameter.
    private var names: [String: String] {
        guard
            let metrics = try? SeedMetrics<TensorSignature>(returned: [], tensor: { $0 }).metrics(
                each.input["eval_metrics"])
        else { return [:] }
        return Dictionary(
            zip(metrics.names, metrics.tensors.elements.map(\.name)), uniquingKeysWith: { first, _ in first })
    }

    // MARK: The model

    private static func variables(_ json: JSON) throws -> [String] {
        try json.optionalStrings("trainable_variables") ?? ["w"]
    }

    private static func model(_ json: JSON, _ arguments: ModelArguments) throws -> ModelSpec {
        let (builder, mode) = (arguments.builder, try #require(arguments.mode))
        let rows = arguments.features.elements[0]
        var loss = rows.reduceMean()
        for name in try variables(json) { loss = loss + builder.variable(name, initializer: .ones).value * 0.5 }
        // The operation that a cross-shard optimizer leaves in the graph, for models without variables, too.
        if try json.flag("uses_cross_shard_optimizer", default: true) { _ = loss.crossReplicaSum() }
        let operation = try GradientDescentOptimizer(learningRate: 0.1).minimize(loss)
        guard json["model_fn_returns"]?.string == "tpu_estimator_spec" else {
            if json["model_fn_returns"] != nil {
                return .estimator(
                    EstimatorSpec(mode: mode, predictions: ["predictions": rows], loss: loss, trainOp: operation))
            }
            return .tpuEstimator(
                TPUEstimatorSpec(
                    mode: mode, loss: loss, trainOp: operation, evalMetrics: EvalMetrics(tensors: [:], metrics: []),
                    predictions: ["predictions": rows]))
        }
        let graph = SeedGraph(builder, batch: rows.shape[0])
        let metrics = SeedMetrics(returned: try #require(try json.optionalStrings("metrics")), tensor: graph.tensor)
        return .tpuEstimator(
            TPUEstimatorSpec(
                mode: mode, loss: loss, trainOp: operation, evalMetrics: try metrics.metrics(json["eval_metrics"]),
                predictions: ["predictions": rows]))
    }
}

/// The batch sizes that calls of a model function found.
private final class CallLog: Sendable {
    private let made = Mutex<[Int?]>([])

    var sizes: [Int?] { made.withLock { $0 } }

    func add(_ size: Int?) { made.withLock { $0.append(size) } }
}

extension JSON {
    /// The context of a case whose configuration is a member of its own.
    fileprivate func contextOfConfig(_ config: RunConfig) throws -> TPUContext {
        TPUContext(
            config: config, trainBatchSize: try optionalInt("train_batch_size"),
            evalBatchSize: try optionalInt("eval_batch_size"), useTPU: try flag("use_tpu", default: true))
    }
}
