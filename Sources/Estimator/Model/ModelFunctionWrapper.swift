package import Graph

/// Calls a model function for an estimator, and makes of what it returns the steps of the device loop (TensorFlow:
/// `_ModelFnWrapper`, rules W1–W6).
package struct ModelFunctionWrapper: Sendable {
    /// The model function.
    package let function: DeclaredModelFunction
    /// The user's parameters. What a call is handed is a copy.
    package let params: ModelParameters
    /// The context of the mode.
    package let context: TPUContext
    private let tracer: EventTracer

    /// A wrapper in the context of a mode.
    package init(
        _ function: DeclaredModelFunction, params: ModelParameters, context: TPUContext, tracer: EventTracer = .silent
    ) {
        self.function = function
        self.params = params
        self.context = context
        self.tracer = tracer
    }

    /// Features and labels of a call, and the names that they go by in what the tracer is told.
    package struct Inputs {
        /// The features.
        package let features: TensorStructure
        /// The labels; nil: there are none.
        package let labels: TensorStructure?
        private let names: (features: Structure<String>, labels: Structure<String>?)

        /// Features and labels under names.
        package init(
            features: TensorStructure, labels: TensorStructure?,
            names: (features: Structure<String>, labels: Structure<String>?)
        ) {
            self.features = features
            self.labels = labels
            self.names = names
        }

        fileprivate func event(_ mode: ModeKeys, _ batchSize: Int?) -> BuildEvent {
            .modelFunction(mode: mode, batchSize: batchSize, features: names.features, labels: names.labels)
        }
    }

    /// Calls the model function, with what it takes (W1).
    ///
    /// - Throws: `EstimatorError.labelsNotTaken`, `.modelParamsNotTaken`; what the function throws.
    package func call(_ inputs: Inputs, in builder: GraphBuilder) throws -> ModelSpec {
        let takes = function.parameters.contains
        if !takes(.labels), inputs.labels != nil { throw EstimatorError.labelsNotTaken }
        guard takes(.params) else { throw EstimatorError.modelParamsNotTaken }
        let (mode, batchSize) = (try context.mode, try context.batchSizeForModelFunction)
        tracer.record(.build(inputs.event(mode, batchSize)))
        return try function(
            ModelArguments(
                features: inputs.features, labels: takes(.labels) ? inputs.labels : nil,
                mode: takes(.mode) ? mode : nil, params: params.with(batchSize: batchSize),
                config: takes(.config) ? context.config : nil, builder: builder))
    }

    /// Calls the model function for the CPU, within a sharding context of one shard; a spec for the TPU becomes a plain one
    /// (W2, W3).
    ///
    /// - Throws: as ``call(_:in:)``; what the metric function throws.
    package func callWithoutTPU(_ inputs: Inputs, in builder: GraphBuilder) throws -> EstimatorSpec {
        tracer.record(.build(.enterShardContext(shards: 1)))
        defer { tracer.record(.build(.exitShardContext(shards: 1))) }
        return try ShardContext.$numberOfShards.withValue(1) {
            switch try call(inputs, in: builder) {
            case .estimator(let spec): spec
            case .tpuEstimator(let spec): try spec.asEstimatorSpec(tracer: tracer)
            }
        }
    }

    /// One step of training on a core: the spec's loss, given out once its training operation has run (W4).
    ///
    /// - Throws: as ``call(_:in:)``, and ``verify(_:)``.
    package func trainStep(_ inputs: Inputs, in builder: GraphBuilder) throws -> ModelSpec {
        let spec = try onCores { try call(inputs, in: builder) }
        try Self.verify(spec)
        if case .estimator(let plain) = spec, plain.scaffoldFunction != nil {
            tracer.log(
                .warning, "EstimatorSpec.Scaffold is ignored by TPU train/eval. Please use TPUEstimatorSpec.")
        }
        if let hostCall = spec.hostCall {
            tracer.record(.build(.outfeedEnqueue(tensors: hostCall.names)))
            tracer.record(.build(.identity(after: ["outfeed_enqueue:0"])))
        } else {
            tracer.record(.build(.identity(after: ["train_op"])))
        }
        return spec
    }

    /// One step of evaluation on a core: records the spec's metrics, sends their tensors and adds its loss to the total (W6).
    ///
    /// - Throws: as ``call(_:in:)``; `EstimatorError.notATPUSpec` for a plain spec; what the recorder throws.
    package func evalStep(_ inputs: Inputs, in builder: GraphBuilder, recorder: inout EvalMetricsRecorder<Tensor>)
        throws -> TPUEstimatorSpec
    {
        let spec = try onCores { try call(inputs, in: builder) }
        guard case .tpuEstimator(let spec) = spec else { throw EstimatorError.notATPUSpec(type: spec.typeName) }
        try recorder.record(spec.evalMetrics)
        tracer.record(.build(.outfeedEnqueue(tensors: try recorder.metrics.names + (spec.hostCall?.names ?? []))))
        tracer.record(.build(.add(after: ["outfeed_enqueue:0"])))
        return spec
    }

    /// What a model function builds for the TPU knows the number of cores.
    private func onCores<Result>(_ body: () throws -> Result) throws -> Result {
        try ShardContext.$numberOfShards.withValue(context.numCores) { try body() }
    }

    /// Refuses a plain spec with hooks: on the TPU nobody calls them (W5).
    ///
    /// - Throws: `EstimatorError.hooksNotSupported` with the first kind of hooks.
    package static func verify(_ spec: ModelSpec) throws(EstimatorError) {
        guard case .estimator(let spec) = spec else { return }
        if !spec.trainingChiefHooks.isEmpty { throw .hooksNotSupported(kind: "training_chief_hooks") }
        if !spec.trainingHooks.isEmpty { throw .hooksNotSupported(kind: "training_hooks") }
        if !spec.evaluationHooks.isEmpty { throw .hooksNotSupported(kind: "evaluation_hooks") }
    }
}
