import Estimator
import Formats
import Graph
import OrderedCollections
import Synchronization
import Testing

/// Cases of `validation` about input and model functions, and about what is made of what they return.
enum FunctionCases {
    static var kinds: [String: (SeedCase) throws -> Observed] {
        [
            "call_input_fn": callInput, "input_pipeline_check": checkInput, "call_model_fn": callModel,
            "verify_estimator_spec": verify, "train_step": trainStep, "eval_step": evalStep,
            "graph_validation": validateGraph, "wrapped_model_fn_arguments": wrappedArguments,
            "sync_variables": syncVariables,
        ]
    }

    // MARK: Input

    private static func callInput(_ each: SeedCase) throws -> Observed {
        let log = TraceLog()
        let estimator = try each.input.estimator(tracer: log.tracer)
        let input = SeedInput()
        let parameters = try #require(try each.input.optionalStrings("input_fn_args")).map {
            try #require(InputParameter(rawValue: $0))
        }
        let called = try estimator.callInput(input.function(Set(parameters)), mode: try #require(try each.input.mode()))
        let immediately = input.calls.count
        var returned = "inputs"
        if case .function(let call) = called {
            returned = "function"
            _ = try call()
        }
        let devices = log.records.compactMap { record -> String?? in
            if case .build(.inputFunction(let device, _, _)) = record.event { .some(device) } else { nil }
        }
        return .object([
            "invoked_immediately": .int(immediately), "returned": .string(returned),
            "calls": .list(
                zip(input.calls, devices).map { call, device in
                    .object([
                        "device": .optional(device), "params": call.params.observed,
                        "received_config": .bool(call.hasConfig),
                    ])
                }), "estimator_params_after": estimator.params.observed,
        ])
    }

    private static func checkInput(_ each: SeedCase) throws -> Observed {
        let log = TraceLog()
        let input = DeclaredInputFunction { _ in
            InputResult(features: .named([:])).having(
                queueRunners: try each.input.wholeNumber("queue_runners"),
                summaries: try each.input.wholeNumber("summaries"))
        }
        let context = TPUContext(
            config: RunConfig(tpuConfig: try TPUConfig(numShards: 1)), trainBatchSize: 1, evalBatchSize: nil
        ).withMode(.train)
        _ = try InfeedPipeline(
            InputCall(input, context: context, params: ModelParameters(), tracer: log.tracer),
            wrapsIntoWhileLoop: try each.input.flag("wrap_input_fn_into_while_loop", default: false), tracer: log.tracer
        ).build()
        // The texts carry over in meaning only: each warning is told by the condition that it is of.
        let expected = each.expected?["warnings"]?.array?.compactMap(\.string) ?? []
        let conditions: [EstimatorError] = [.queueRunnersNotSupported, .inputSummariesNotSupported]
        let warnings = log.records.compactMap { record -> String? in
            if case .log(.warning, let text) = record.event { text } else { nil }
        }
        return .object([
            "warnings": .strings(
                warnings.map { text in
                    let condition = conditions.first { $0.description == text }
                    return expected.first { message in
                        condition.map { SeedCondition.isOf($0, message: message) } ?? false
                    } ?? text
                })
        ])
    }

    // MARK: The model function

    private static func callModel(_ each: SeedCase) throws -> Observed {
        let graph = SeedGraph()
        let input = each.input
        let seen = Mutex<[String: Observed]>([:])
        let parameters = try #require(try input.optionalStrings("model_fn_args")).compactMap(
            ModelParameter.init(rawValue:))
        func named(_ structure: TensorStructure?) -> Observed {
            guard let names = structure?.map({ graph.name($0) ?? "?" }) else { return .null }
            if case .single(let name) = names { return .string(name) }
            return names.observed
        }
        let function = UncheckedFunction { arguments in
            var names = ["features"]
            if parameters.contains(.labels) { names.append("labels") }
            if arguments.mode != nil { names.append("mode") }
            if arguments.params != nil { names.append("params") }
            if arguments.config != nil { names.append("config") }
            let call: [String: Observed] = [
                "argument_names": .strings(names.sorted()), "features": named(arguments.features),
                "labels": named(arguments.labels), "mode": .optional(arguments.mode?.rawValue),
                "params": arguments.params?.observed ?? .null, "config_is_given": .bool(arguments.config != nil),
            ]
            seen.withLock { $0 = call }
            return try spec(try #require(input["returns"]), graph)
        }
        let context = TPUContext(
            config: try #require(input["config"]).runConfig(),
            trainBatchSize: try input.optionalInt("train_batch_size"),
            evalBatchSize: try input.optionalInt("eval_batch_size"), useTPU: try input.flag("use_tpu", default: true)
        ).withMode(try input.mode())
        let wrapper = ModelFunctionWrapper(
            DeclaredModelFunction(Set(parameters)) { try function.body($0) }, params: try input.parameters("params"),
            context: context)
        let labels = try input.labels
        let inputs = ModelFunctionWrapper.Inputs(
            features: .single(try graph.tensor(TensorSignature(name: "features", dtype: "float32", shape: [nil]))),
            labels: try labels?.map { try graph.tensor(TensorSignature(name: $0, dtype: "float32", shape: [nil])) },
            names: (.single("features"), labels))
        var returned = "EstimatorSpec"
        if try context.isRunningOnCPU {
            _ = try wrapper.callWithoutTPU(inputs, in: graph.builder)
        } else {
            returned = try wrapper.call(inputs, in: graph.builder).typeName
        }
        return .object([
            "call": .object(seen.withLock { $0 }), "returned_type": .string(returned),
            "wrapper_params_after": wrapper.params.observed,
        ])
    }

    /// The spec of a case, with a loss and a training operation.
    private static func spec(_ json: JSON, _ graph: SeedGraph, loss: Tensor? = nil) throws -> ModelSpec {
        let operation = TrainOperation(slots: ["train_op"])
        guard json["type"]?.string == "estimator_spec" else {
            return .tpuEstimator(
                TPUEstimatorSpec(
                    mode: .train, loss: loss, trainOp: operation,
                    evalMetrics: try SeedMetrics(returned: [], tensor: graph.tensor).metrics(json["eval_metrics"])))
        }
        func hooks(_ name: String) -> [any SessionHook] { (json[name]?.array ?? []).map { _ in NoHook() } }
        return .estimator(
            EstimatorSpec(
                mode: .train, loss: loss, trainOp: operation, trainingChiefHooks: hooks("training_chief_hooks"),
                trainingHooks: hooks("training_hooks"), evaluationHooks: hooks("evaluation_hooks")))
    }

    private final class NoHook: SessionHook {}

    private static func verify(_ each: SeedCase) throws -> Observed {
        try ModelFunctionWrapper.verify(try spec(try #require(each.input["spec"]), SeedGraph()))
        // It returns nothing: the caller goes on with its own.
        return .object(["accepted": .bool(true), "returned_same_object": .bool(true)])
    }

    // MARK: Steps

    /// A wrapper around a model function that returns the case's spec, and the step's input.
    private static func step(_ each: SeedCase, mode: ModeKeys, _ graph: SeedGraph, _ log: TraceLog) throws -> (
        wrapper: ModelFunctionWrapper, inputs: ModelFunctionWrapper.Inputs
    ) {
        let json = try #require(each.input["spec"])
        let loss = try graph.tensor(TensorSignature(name: "loss", dtype: "float32", shape: []))
        let function = UncheckedFunction { _ in try spec(json, graph, loss: loss) }
        let context = TPUContext(
            config: RunConfig(tpuConfig: try TPUConfig(numShards: 8)), trainBatchSize: 8, evalBatchSize: 8
        ).withMode(mode)
        let features = try graph.tensor(TensorSignature(name: "infeed0", dtype: "float32", shape: [nil]))
        return (
            ModelFunctionWrapper(
                DeclaredModelFunction { try function.body($0) }, params: ModelParameters(), context: context,
                tracer: log.tracer),
            ModelFunctionWrapper.Inputs(features: .single(features), labels: nil, names: (.single("infeed0"), nil))
        )
    }

    private static func trainStep(_ each: SeedCase) throws -> Observed {
        let (graph, log) = (SeedGraph(), TraceLog())
        let (wrapper, inputs) = try step(each, mode: .train, graph, log)
        let loss = try wrapper.trainStep(inputs, in: graph.builder).loss
        let after = log.records.compactMap { record -> [String]? in
            if case .build(.identity(let after)) = record.event { after } else { nil }
        }
        return .object([
            "returned_loss": .optional(loss.flatMap(graph.name)), "runs_after": .strings(after.flatMap(\.self)),
        ])
    }

    private static func evalStep(_ each: SeedCase) throws -> Observed {
        let (graph, log) = (SeedGraph(), TraceLog())
        let (wrapper, inputs) = try step(each, mode: .evaluate, graph, log)
        var recorder = EvalMetricsRecorder<Tensor>(context: wrapper.context, tracer: log.tracer)
        var loss: Tensor?
        for _ in 0..<(try each.input.optionalInt("traces") ?? 1) {
            loss = try wrapper.evalStep(inputs, in: graph.builder, recorder: &recorder).loss
        }
        let after = log.records.compactMap { record -> [String]? in
            if case .build(.add(let after)) = record.event { after } else { nil }
        }
        return .object([
            "returned": .string("sum"), "addends": .list([.string("total_loss"), .optional(loss.flatMap(graph.name))]),
            "outfeed_tensors": .strings(try recorder.outfeedTensors.map { graph.name($0) ?? "?" }),
            "runs_after": .strings(after.flatMap(\.self).map { String($0.prefix { $0 != ":" }) }),
        ])
    }

    private static func validateGraph(_ each: SeedCase) throws -> Observed {
        try TrainingGraph.validate(operationTypes: try #require(try each.input.optionalStrings("operation_types")))
        return .object(["accepted": .bool(true)])
    }

    private static func syncVariables(_ each: SeedCase) throws -> Observed {
        let checks = VariableCheck.all(try #require(try each.input.optionalStrings("trainable_variables")))
        return .object([
            "checks": .list(checks.map { .object(["variable": .string($0.variable), "message": .string($0.message)]) })
        ])
    }

    // MARK: The wrapped model function

    private static func wrappedArguments(_ each: SeedCase) throws -> Observed {
        let json = each.input
        let log = TraceLog()
        let mode = try #require(try json.mode())
        let config = try #require(json["config"]).runConfig()
        let context = TPUContext(
            config: config, trainBatchSize: try json.optionalInt("train_batch_size"),
            evalBatchSize: try json.optionalInt("eval_batch_size"), useTPU: try json.flag("use_tpu", default: true)
        ).withMode(mode)
        let wrapper = ModelFunctionWrapper(
            DeclaredModelFunction { arguments in
                let rows = arguments.features.elements[0]
                let weight = arguments.builder.variable("w", initializer: .ones)
                let loss = rows.reduceMean() + weight.value
                let optimizer = CrossShardOptimizer(GradientDescentOptimizer(learningRate: 0.1))
                return .tpuEstimator(
                    TPUEstimatorSpec(
                        mode: mode, loss: loss, trainOp: try optimizer.minimize(loss),
                        evalMetrics: EvalMetrics(tensors: [:], metrics: []), predictions: ["rows": rows]))
            }, params: ModelParameters(), context: context, tracer: log.tracer)
        let call = try InputCall(
            SeedInput().function(), context: context, params: ModelParameters(), tracer: log.tracer)
        let features: CalledInput = json["features"]?.string == "function" ? .function(call) : .inputs(try call())
        let rows = try context.batchSizeForInputFunction ?? 4
        let labels = json["labels"]?.string.map { _ in
            Structure.single(InputBatches(NoBatch(), types: [TensorType(.float32, [rows])]).tensors[0])
        }
        let scope = VariableScope(tracer: log.tracer)
        _ = try WrappedModelFunction(wrapper, options: .init(), tracer: log.tracer)(
            features: features, labels: labels, scope: scope)
        let isBuilt = log.records.contains { record in
            if case .build(.infeedQueue) = record.event { true } else { false }
        }
        return .object(["outcome": .string(isBuilt ? "input pipeline is built" : "EstimatorSpec")])
    }

    private final class NoBatch: InputIterator {
        func next(into elements: [UnsafeMutableRawBufferPointer]) -> Int? { nil }
    }
}

/// A model function that looks at a graph, which no other thread does.
// @unchecked: it is called by the thread that made it.
private struct UncheckedFunction: @unchecked Sendable { let body: (ModelArguments) throws -> ModelSpec }

extension ModelParameters {
    /// The parameters as cases write them: the batch size is one of them.
    var observed: Observed {
        var members = Dictionary(uniqueKeysWithValues: values.map { ($0.key, $0.value.observed) })
        if let batchSize { members["batch_size"] = .int(batchSize) }
        return .object(members)
    }
}
