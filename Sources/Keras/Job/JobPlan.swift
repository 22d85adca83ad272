import Datasets
package import Estimator
package import Formats
import Graph

/// What a job would do, found by building its program without data: the answer to a dry run.
package struct JobPlan: Sendable {
    /// Numbers in the model's variables.
    package let parameters: Int
    /// The model's variables in order.
    package let variables: [(name: String, shape: [Int], isTrainable: Bool)]
    /// Training steps; nil where that is not known beforehand or nothing is trained.
    package let steps: Int?
    /// Operations of one step on all cores; a multiply-add counts two.
    package let flopsPerStep: Int
    /// Bytes that the plan of a step takes on all cores: variables, intermediate results, the threads' own memory, input
    /// and output that wait.
    package let peakBytes: Int
    /// Whether results of the forward pass are computed again for the backward pass, as the plan would not fit with all of
    /// them kept.
    package let recomputes: Bool
    /// A table like Keras' `summary()`.
    package let summary: String

    /// The plan's part of the answer.
    package var json: JSON {
        [
            "parameters": JSON(parameters),
            "variables": .array(
                variables.map { ["name": JSON($0.name), "shape": JSON($0.shape), "trainable": JSON($0.isTrainable)] }),
            "steps": .optional(steps) { JSON($0) }, "flops_per_step": JSON(flopsPerStep), "peak_bytes": JSON(peakBytes),
            "recompute": JSON(recomputes), "summary": JSON(summary),
        ]
    }
}

extension JobDefinition {
    /// Builds the job's program and forgets it: whether there is one, and whether the memory that there is can hold its
    /// plan. Only a program that may be too large is planned.
    ///
    /// - Throws: what building the program throws: a model that fits no program. ``TooLargeJob``. `SpecError` where the optimizer
    ///   can't go on with what another one kept.
    package func check(_ execution: ExecutionOptions = ExecutionOptions()) throws {
        let (built, replicas) = try program(isOptimized: false)
        if let start, let words = slots?.mismatch(built) { throw SpecError(start.pointer, words) }
        if execution.surelyFits(built.program, shards: replicas) { return }
        let better = try program(isOptimized: true).built
        let memory = try execution.memory(of: better.program, shards: replicas)
        if !memory.fits { throw TooLargeJob(memory: memory, isSetting: execution.memoryBytes != nil) }
    }

    /// The program of one core of what the job does first, and on how many cores it runs.
    ///
    /// - Throws: what building it throws: a model that fits no program.
    package func program(isOptimized: Bool = true) throws -> (built: BuiltProgram, replicas: Int) {
        let trains = mode.trains
        guard let input = training?.input ?? evaluation?.input ?? prediction else {
            throw TrainingError.modelFailed(detail: "the job has no input")
        }
        // An input's batches are those of what it is for.
        let batch = trains ? trainBatchSize ?? input.batchSize : input.batchSize
        let isOnTPU = useTPU && (trains || mode.evaluates && evalBatchSize != nil)
        let replicas = isOnTPU ? max(1, numShards) : mode == .predict ? predictionShards : 1
        let building = ProgramBuilding(
            modelFunction: modelFunction, params: params, features: input.features, labels: input.labelTypes)
        let built = try building.build(
            mode: trains ? .train : mode.evaluates ? .evaluate : .predict, coreBatchSize: max(1, batch / replicas),
            shards: replicas, isOnTPU: isOnTPU, isOptimized: isOptimized)
        return (built, replicas)
    }

    /// Plans the job, for a worker of these options.
    ///
    /// - Throws: what building the program throws: a model that fits no program.
    package func plan(_ execution: ExecutionOptions = ExecutionOptions()) throws -> JobPlan {
        let (built, replicas) = try program(isOptimized: true)
        let cost = Cost(built.program, replicas: replicas)
        let memory = try execution.memory(of: built.program, shards: replicas)
        let model = try self.model.plan(rows)
        return JobPlan(
            parameters: model.variables.parameters,
            variables: model.variables.map { (name: $0.name, shape: $0.shape, isTrainable: $0.isTrainable) },
            steps: training.flatMap { $0.maxSteps.map { $0 - firstStep } ?? $0.steps }, flopsPerStep: cost.flops,
            peakBytes: memory.bytes, recomputes: memory.recomputes,
            summary: Summary.text(model: self.model.name, model))
    }
}
