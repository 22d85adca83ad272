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
    /// What the outfeed's worker runs once a step: the updates of the metrics (rule M7); nil where there is no outfeed that a
    /// worker serves.
    package var updates: [SessionOperation]?

    /// The variables that a checkpoint's `model.safetensors` holds, in order of creation.
    package var modelVariables: [Variable] {
        program.variables.filter { !slots.contains($0.name) && $0.name != GlobalStep.name }
    }

    /// The variables that a checkpoint's `optimizer.safetensors` holds, in order of creation.
    package var slotVariables: [Variable] { program.variables.filter { slots.contains($0.name) } }
}

/// Calls a model function and makes a program of what it built.
package struct ProgramBuilding: Sendable {
    /// What is called.
    package let modelFunction: ModelFunction
    /// The user's parameters.
    package let params: ModelParameters
    /// Features of one record.
    package let features: TypeStructure
    /// Labels of one record; nil when there are none.
    package let labels: TypeStructure?
    private let tracer: EventTracer
    private let givenContext: TPUContext?

    /// A builder of programs for one input.
    ///
    /// - Parameters:
    ///   - context: where the programs run; nil: on this process's TPU.
    ///   - tracer: gets what is built, part by part. Default: it is dropped.
    package init(
        modelFunction: @escaping ModelFunction, params: ModelParameters, features: TypeStructure,
        labels: TypeStructure?, context: TPUContext? = nil, tracer: EventTracer = .silent
    ) {
        givenContext = context
        self.tracer = tracer
        self.modelFunction = modelFunction
        self.params = params
        self.features = features
        self.labels = labels
    }

    /// Builds the program of one core.
    ///
    /// - Parameters:
    ///   - mode: what the program is for.
    ///   - coreBatchSize: rows of one core's batch.
    ///   - handedBatchSize: the batch size in the model function's `params`; nil when the source hands over none.
    ///   - shards: cores that the program is replicated on.
    ///   - isOnTPU: whether the source's rules for the TPU hold: a cross-shard optimizer is needed to train, metrics
    ///     to evaluate.
    ///   - isOptimized: whether the passes are run. Default true; false where only a fault is looked for.
    /// - Throws: `EstimatorError` for what the source refuses, ``TrainingError/modelFailed(detail:)`` for the rest.
    package func build(
        mode: ModeKeys, coreBatchSize: Int, handedBatchSize: Int?, shards: Int, isOnTPU: Bool,
        isOptimized: Bool = true
    ) throws -> BuiltProgram {
        let builder = GraphBuilder()
        var recorder = StructureRecorder()
        let types = try recorder.flatten(features, labels)
        let tensors = types.enumerated().map { place, type in
            builder.infeed(
                TensorType(type.dtype, Shape([coreBatchSize] + type.shape.dimensions)),
                name: place < features.count ? "features" : "labels")
        }
        let (featureTensors, labelTensors) = try recorder.unflatten(tensors)
        do {
            let spec = try ShardContext.$numberOfShards.withValue(shards) {
                try modelFunction(featureTensors, labelTensors, mode, params.with(batchSize: handedBatchSize), builder)
            }
            var built: BuiltProgram
            switch mode {
            case .train: built = try finishTraining(spec, builder, coreBatchSize, isOnTPU: isOnTPU)
            case .evaluate:
                let context = try givenContext ?? localContext(shards: shards)
                built = try finishEvaluation(spec, builder, coreBatchSize, context.withMode(mode), isOnTPU: isOnTPU)
            case .predict: built = try finishPrediction(spec, builder, coreBatchSize)
            }
            // Only training runs the training operation, whoever made it.
            if mode != .train { built.program.assignments = [] }
            if isOptimized { built.program = try Passes.optimize(built.program, evaluate: ReferenceKernels.evaluator) }
            return built
        } catch let error as GraphError {
            throw TrainingError.modelFailed(detail: error.description)
        }
    }

    private func localContext(shards: Int) throws(EstimatorError) -> TPUContext {
        TPUContext(
            config: RunConfig(tpuConfig: try TPUConfig(numShards: shards)), trainBatchSize: nil, evalBatchSize: nil)
    }

    private func finishTraining(
        _ spec: TPUEstimatorSpec, _ builder: GraphBuilder, _ batch: Int, isOnTPU: Bool
    ) throws -> BuiltProgram {
        guard let loss = spec.loss else {
            throw TrainingError.modelFailed(detail: "training needs a loss, and the spec has none")
        }
        guard let trainOp = spec.trainOp else {
            throw TrainingError.modelFailed(
                detail: "training needs a training operation: give the spec what the optimizer's minimize returned")
        }
        let program = try builder.finish(loss: loss)
        let isJoined = program.contains(.crossReplicaSum) || program.contains(.crossReplicaGroupSum)
        if isOnTPU, !isJoined { throw EstimatorError.crossShardOptimizerMissing }
        return BuiltProgram(program: program, coreBatchSize: batch, slots: Set(trainOp.slots), metrics: [])
    }

    private func finishEvaluation(
        _ spec: TPUEstimatorSpec, _ builder: GraphBuilder, _ batch: Int, _ context: TPUContext, isOnTPU: Bool
    ) throws -> BuiltProgram {
        guard let loss = spec.loss else {
            throw TrainingError.modelFailed(detail: "evaluation needs a loss, and the spec has none")
        }
        var outfeed = OutfeedMetrics(tensors: [:], metrics: [])
        var updates: [SessionOperation]?
        if isOnTPU {
            var recorder = EvalMetricsRecorder<Tensor>(context: context, tracer: tracer)
            try recorder.record(spec.evalMetrics)
            let made = try recorder.metricOperations(placeholder: .placeholderUpdate)
            outfeed = try recorder.outfeed(of: made.operations.values.map(\.metric))
            updates = made.updates
        } else if let operations = try spec.asEstimatorSpec(tracer: tracer).evalMetricOps {
            outfeed = OutfeedMetrics(operations)
        }
        for metric in outfeed.metrics where Metric.reservedNames.contains(metric.name) {
            throw EstimatorError.metricNameReserved(metric.name)
        }
        outfeed = try outfeed.madeSmaller()
        // Not as the program's loss: a loss that is not finite ends a training, an evaluation reports it.
        let program = try builder.finish(
            outfeed: [(EvaluationTotals.lossName, loss)]
                + outfeed.tensors.map { (name: $0.key, value: $0.value) })
        return BuiltProgram(
            program: program, coreBatchSize: batch, slots: Set(spec.trainOp?.slots ?? []), metrics: outfeed.metrics,
            updates: updates)
    }

    private func finishPrediction(
        _ spec: TPUEstimatorSpec, _ builder: GraphBuilder, _ batch: Int
    ) throws -> BuiltProgram {
        guard !spec.predictions.isEmpty else {
            throw TrainingError.modelFailed(detail: "prediction needs predictions, and the spec has none")
        }
        for (name, tensor) in spec.predictions where tensor.rank == 0 { throw EstimatorError.outfeedScalar(name) }
        let program = try builder.finish(outfeed: spec.predictions.map { (name: $0.key, value: $0.value) })
        return BuiltProgram(program: program, coreBatchSize: batch, slots: [], metrics: [])
    }
}
