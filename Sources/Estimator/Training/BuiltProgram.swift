import Executor
package import Graph
import OrderedCollections

/// A program that a model function built, and what the host has to know about it.
package struct BuiltProgram: Sendable {
    /// One core's program, passed through the optimizing passes and verified.
    package var program: Program
    /// Rows of one core's batch.
    package var coreBatchSize: Int
    /// Names of variables that belong to the optimizer.
    package var slots: Set<String>
    /// Metrics over the outfeed; empty but for evaluation.
    package var metrics: [Metric]
    /// What the host calls behind steps; nil: nothing.
    var hostCall: BuiltHostCall?
    /// The types of the operations that the model function built, before the passes.
    var operationTypes: [String] = []

    /// The variables that a checkpoint's `model.safetensors` holds, in order of creation.
    package var modelVariables: [Variable] {
        program.variables.filter { !slots.contains($0.name) && $0.name != GlobalStep.name }
    }

    /// The variables that a checkpoint's `optimizer.safetensors` holds, in order of creation.
    package var slotVariables: [Variable] { program.variables.filter { slots.contains($0.name) } }
}

/// Calls a model function and makes a program of what it built.
package struct ProgramBuilding: Sendable {
    /// Calls the model function, in the context of its mode.
    let wrapper: ModelFunctionWrapper
    private let features: TypeStructure
    private let labels: TypeStructure?
    /// Each infeed element's axis of the batch; nil: the first.
    private let batchAxes: [Int]?
    private let names: (features: Structure<String>, labels: Structure<String>?)?
    /// Whether the last element of the infeed says which rows count.
    private let isPadded: Bool
    private let tracer: EventTracer

    /// A builder of programs for one input.
    ///
    /// - Parameters:
    ///   - features: types of one record's features.
    ///   - labels: types of one record's labels; nil when there are none.
    ///   - names: what features and labels are called in what the tracer is told; nil: as the infeed's elements.
    ///   - isPadded: whether the last element of the infeed says which rows count, which evaluation on the TPU then hands
    ///     out (``PaddedInput``). Default false.
    ///   - tracer: gets what is built, part by part. Default: it is dropped.
    init(
        _ wrapper: ModelFunctionWrapper, features: TypeStructure, labels: TypeStructure?,
        batchAxes: [Int]? = nil,
        names: (features: Structure<String>, labels: Structure<String>?)? = nil,
        isPadded: Bool = false, tracer: EventTracer = .silent
    ) {
        self.wrapper = wrapper
        self.features = features
        self.labels = labels
        self.batchAxes = batchAxes
        self.names = names
        self.isPadded = isPadded
        self.tracer = tracer
    }

    /// Builds the program of one core.
    ///
    /// - Parameters:
    ///   - coreBatchSize: rows of one core's batch.
    ///   - isOptimized: whether the passes are run. Default true; false where only a fault is looked for.
    /// - Returns: the program, and the spec for the host: on the TPU with the values of the whole loop in place of the model's.
    /// - Throws: `EstimatorError` for what the source refuses, ``TrainingError/modelFailed(detail:)`` for the rest.
    func build(coreBatchSize: Int, isOptimized: Bool = true) throws -> (
        program: BuiltProgram, spec: EstimatorSpec
    ) {
        let builder = GraphBuilder()
        let inputs = try inputs(builder, coreBatchSize)
        do {
            let mode = try wrapper.context.mode
            var (built, spec) =
                try wrapper.context.isRunningOnCPU
                ? onHost(inputs, builder, coreBatchSize)
                : mode == .train
                    ? trainingLoop(inputs, builder, coreBatchSize)
                    : evaluationLoop(inputs, builder, coreBatchSize)
            // Only training runs the training operation, whoever made it.
            if mode != .train { built.program.assignments = [] }
            built.operationTypes = built.program.nodes.map(\.op.typeName)
            if isOptimized {
                built.program = try Passes.optimize(built.program, evaluate: ReferenceKernels.evaluator)
            }
            return (built, spec)
        } catch let error as GraphError {
            throw TrainingError.modelFailed(detail: error.description)
        }
    }

    private func inputs(_ builder: GraphBuilder, _ rows: Int) throws -> ModelFunctionWrapper.Inputs {
        var recorder = StructureRecorder()
        let types = try recorder.flatten(features, labels)
        let tensors = types.enumerated().map { place, type in
            var dimensions = type.shape.dimensions
            dimensions.insert(rows, at: batchAxes?[place] ?? 0)
            return builder.infeed(
                TensorType(type.dtype, Shape(dimensions)),
                name: place < features.count ? "features" : "labels")
        }
        let structured = try recorder.unflatten(tensors)
        return ModelFunctionWrapper.Inputs(
            features: structured.features, labels: structured.labels,
            names: try names ?? recorder.unflatten(types.indices.map { "infeed\($0)" }))
    }

    private func record(_ event: BuildEvent) { tracer.record(.build(event)) }

    // MARK: On the CPU

    private func onHost(
        _ inputs: ModelFunctionWrapper.Inputs, _ builder: GraphBuilder, _ rows: Int
    ) throws -> (BuiltProgram, EstimatorSpec) {
        let spec = try wrapper.callWithoutTPU(inputs, in: builder)
        switch try wrapper.context.mode {
        case .train:
            let program = try builder.finish(
                loss: try Self.loss(spec.loss, "training"), outfeed: spec.hostCall?.outfeed ?? [])
            return (
                BuiltProgram(
                    program: program, coreBatchSize: rows, slots: Set(try Self.trainOp(spec.trainOp).slots),
                    metrics: [], hostCall: try spec.hostCall?.onHost(tracer: tracer)), spec
            )
        case .evaluate:
            return try evaluation(
                spec,
                OutfeedMetrics(spec.evalMetricOps ?? EvalMetricOperations(tensors: [:], metrics: [:])),
                builder, rows, hostCall: try spec.hostCall?.onHost(tracer: tracer))
        case .predict:
            guard !spec.predictions.isEmpty else {
                throw TrainingError.modelFailed(
                    detail: "prediction needs predictions, and the spec has none")
            }
            for (name, tensor) in spec.predictions where tensor.rank == 0 {
                throw EstimatorError.outfeedScalar(name)
            }
            let program = try builder.finish(
                outfeed: spec.predictions.map { (name: $0.key, value: $0.value) })
            return (BuiltProgram(program: program, coreBatchSize: rows, slots: [], metrics: []), spec)
        }
    }

    // MARK: The device's loop

    /// The computation of all cores: a loop over steps that starts with a loss (B6).
    private func loop<Step>(initial: Double, _ step: () throws -> Step) rethrows -> Step {
        record(.shard(cores: wrapper.context.numCores))
        record(.repeat(times: HostVariable.iterationsPerLoop.name, initial: initial, name: "loop"))
        let made = try step()
        record(.repeatEnd(name: "loop"))
        return made
    }

    private func trainingLoop(
        _ inputs: ModelFunctionWrapper.Inputs, _ builder: GraphBuilder, _ rows: Int
    ) throws -> (BuiltProgram, EstimatorSpec) {
        let spec = try loop(initial: DeviceSession.initialLoss) {
            record(.infeedDequeue(queue: 0, count: features.count + (labels?.count ?? 0)))
            return try wrapper.trainStep(inputs, in: builder)
        }
        let operation = try Self.trainOp(spec.trainOp)
        let hostCall = try spec.hostCall.map { call in
            let devices = try wrapper.context.tpuDevicePlacementFunction
            for core in 0..<wrapper.context.numCores {
                record(.outfeedDequeue(device: devices(core), count: call.tensors.elements.count))
            }
            return try call.onTPU(wrapper.context, tracer: tracer)
        }
        let program = try builder.finish(
            loss: try Self.loss(spec.loss, "training"), outfeed: spec.hostCall?.outfeed ?? [])
        var host = EstimatorSpec(
            mode: .train, loss: spec.loss, trainOp: operation, trainingHooks: spec.trainingHooks)
        host.scaffoldFunction = spec.scaffoldFunction
        return (
            BuiltProgram(
                program: program, coreBatchSize: rows, slots: Set(operation.slots), metrics: [], hostCall: hostCall),
            host
        )
    }

    /// The host's end of training: each trainable variable is brought back and checked, and the graph has to add up over the
    /// cores (B4.4 to B4.6).
    ///
    /// - Throws: `EstimatorError.crossShardOptimizerMissing`.
    func finishTraining(_ built: BuiltProgram) throws(EstimatorError) {
        let checks = VariableCheck.all(built.program.variables.filter(\.isTrainable).map(\.name))
        for check in checks { record(.checkNumerics(check, after: "shard0:0")) }
        record(.validateTrainingGraph)
        try TrainingGraph.validate(operationTypes: built.operationTypes)
        record(.group(inputs: checks.count))
    }

    private func evaluationLoop(
        _ inputs: ModelFunctionWrapper.Inputs, _ builder: GraphBuilder, _ rows: Int
    ) throws -> (BuiltProgram, EstimatorSpec) {
        var recorder = EvalMetricsRecorder<Tensor>(context: wrapper.context, tracer: tracer)
        let spec = try loop(initial: 0) {
            record(.infeedDequeue(queue: 0, count: features.count + (labels?.count ?? 0)))
            return try wrapper.evalStep(inputs, in: builder, recorder: &recorder)
        }
        record(.divide)
        let checks = VariableCheck.all(builder.trainableVariables.map(\.name))
        for check in checks { record(.checkNumerics(check, after: "div:0")) }
        record(.assignAdd(variable: HostVariable.evalStep.name, after: "div:0"))
        record(.placeholder(after: checks.count + 2))
        let made = try recorder.metricOperations(
            placeholder: .placeholderUpdate, further: spec.hostCall?.tensors.elements.count ?? 0)
        let hostCall = try spec.hostCall?.onTPU(wrapper.context, tracer: tracer)
        var host = EstimatorSpec(mode: .evaluate, loss: spec.loss, evaluationHooks: spec.evaluationHooks)
        host.hostCall = spec.hostCall
        let outfeed = try recorder.outfeed(of: made.operations.values.map(\.metric))
        host.evalMetricOps = EvalMetricOperations(
            tensors: outfeed.tensors, metrics: made.operations.mapValues(\.metric))
        host.trainOp = spec.trainOp
        return try evaluation(
            host, outfeed, builder, rows, hostCall: hostCall, valid: isPadded ? inputs.labels?.elements.last : nil)
    }

    private func evaluation(
        _ spec: EstimatorSpec, _ metrics: OutfeedMetrics, _ builder: GraphBuilder, _ rows: Int,
        hostCall: BuiltHostCall?, valid: Tensor? = nil
    ) throws -> (BuiltProgram, EstimatorSpec) {
        let loss = try Self.loss(spec.loss, "evaluation")
        for metric in metrics.metrics where Metric.reservedNames.contains(metric.name) {
            throw EstimatorError.metricNameReserved(metric.name)
        }
        let outfeed = try metrics.madeSmaller()
        // Not as the program's loss: a loss that is not finite ends a training, an evaluation reports it.
        let program = try builder.finish(
            outfeed: [(EvaluationTotals.lossName, loss)] + (valid.map { [(EvaluationTotals.validName, $0)] } ?? [])
                + outfeed.tensors.map { (name: $0.key, value: $0.value) } + (spec.hostCall?.outfeed ?? []))
        var spec = spec
        let slots = Set(spec.trainOp?.slots ?? [])
        // The loop's own training operation is nobody's in evaluation on the TPU (B5.6).
        if try !wrapper.context.isRunningOnCPU { spec.trainOp = nil }
        return (
            BuiltProgram(
                program: program, coreBatchSize: rows, slots: slots, metrics: outfeed.metrics, hostCall: hostCall),
            spec
        )
    }

    private static func loss(_ loss: Tensor?, _ activity: String) throws(TrainingError) -> Tensor {
        guard let loss else {
            throw .modelFailed(detail: "\(activity) needs a loss, and the spec has none")
        }
        return loss
    }

    private static func trainOp(_ operation: TrainOperation?) throws(TrainingError) -> TrainOperation {
        guard let operation else {
            throw .modelFailed(
                detail:
                    "training needs a training operation: give the spec what the optimizer's minimize returned"
            )
        }
        return operation
    }
}

/// What a training graph must have (rule N1).
package enum TrainingGraph {
    /// The type of the operation that adds up over all cores, which a cross-shard optimizer leaves in the graph.
    package static let crossReplicaSum = "CrossReplicaSum"

    /// Checks a graph with operations of these types.
    ///
    /// - Throws: `EstimatorError.crossShardOptimizerMissing`.
    package static func validate(operationTypes: [String]) throws(EstimatorError) {
        guard operationTypes.contains(crossReplicaSum) else { throw .crossShardOptimizerMissing }
    }
}

extension Op {
    /// The type of an operation as TensorFlow names it. A sum over groups of cores is one over cores.
    fileprivate var typeName: String {
        switch self {
        case .crossReplicaSum, .crossReplicaGroupSum: TrainingGraph.crossReplicaSum
        case let other: other.name
        }
    }
}

extension ProgramBuilding {
    /// A builder of programs outside of any estimator: for a check of a job, say.
    package init(
        modelFunction: @escaping ModelFunction, params: ModelParameters, features: TypeStructure,
        labels: TypeStructure?
    ) {
        let context = TPUContext(config: RunConfig(), trainBatchSize: nil, evalBatchSize: nil)
        self.init(
            ModelFunctionWrapper(DeclaredModelFunction(modelFunction), params: params, context: context),
            features: features, labels: labels)
    }

    /// Builds the program of one core.
    ///
    /// - Parameters:
    ///   - mode: what the program is for.
    ///   - coreBatchSize: rows of one core's batch.
    ///   - shards: cores that the program is replicated on.
    ///   - isOnTPU: whether the source's rules for the TPU hold: a cross-shard optimizer is needed to train, metrics
    ///     to evaluate.
    ///   - isOptimized: whether the passes are run. Default true; false where only a fault is looked for.
    /// - Throws: `EstimatorError` for what the source refuses, ``TrainingError/modelFailed(detail:)`` for the rest.
    package func build(
        mode: ModeKeys, coreBatchSize: Int, shards: Int, isOnTPU: Bool,
        isOptimized: Bool = true
    ) throws -> BuiltProgram {
        let batchSize = coreBatchSize.multiplied(saturating: isOnTPU ? shards : 1)
        let context = TPUContext(
            config: RunConfig(tpuConfig: try TPUConfig(numShards: shards)), trainBatchSize: batchSize,
            evalBatchSize: batchSize, useTPU: isOnTPU
        ).withMode(mode)
        let building = ProgramBuilding(
            ModelFunctionWrapper(wrapper.function, params: wrapper.params, context: context),
            features: features,
            labels: labels)
        let built = try building.build(coreBatchSize: coreBatchSize, isOptimized: isOptimized).program
        if mode == .train, isOnTPU {
            try building.finishTraining(built)
        }
        return built
    }
}
