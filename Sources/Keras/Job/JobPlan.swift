import Datasets
import Estimator
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
    /// Bytes of variables and intermediate results of one step on all cores.
    package let peakBytes: Int
    /// A table like Keras' `summary()`.
    package let summary: String

    /// The plan's part of the answer.
    package var json: JSON {
        [
            "parameters": JSON(parameters),
            "variables": .array(
                variables.map { ["name": JSON($0.name), "shape": JSON($0.shape), "trainable": JSON($0.isTrainable)] }),
            "steps": .optional(steps) { JSON($0) }, "flops_per_step": JSON(flopsPerStep), "peak_bytes": JSON(peakBytes),
            "summary": JSON(summary),
        ]
    }
}

extension JobDefinition {
    /// Builds the job's program and forgets it: whether there is one.
    ///
    /// - Throws: what building the program throws: a model that fits no program.
    package func check() throws { _ = try program(isOptimized: false) }

    /// Bytes of variables and intermediate results of one step on all cores; nil where the model fits no program. More than
    /// the plan says, as the program is not made better first.
    var peakBytes: Int? {
        guard let (built, replicas) = try? program(isOptimized: false) else { return nil }
        let cost = Cost(built.program, replicas: replicas)
        return cost.variableBytes.addingSaturated(cost.peakBytes)
    }

    /// The program of one core of what the job does first, and on how many cores it runs.
    func program(isOptimized: Bool) throws -> (built: BuiltProgram, replicas: Int) {
        let trains = mode.trains
        guard let input = training?.input ?? evaluation?.input else {
            throw TrainingError.modelFailed(detail: "the job has no input")
        }
        let batch = (trains ? trainBatchSize : evalBatchSize) ?? input.batchSize
        let isOnTPU = useTPU && (trains || evalBatchSize != nil)
        let replicas = isOnTPU ? max(1, numShards) : 1
        let building = ProgramBuilding(
            modelFunction: modelFunction, params: params, features: input.features, labels: input.labelTypes)
        let built = try building.build(
            mode: trains ? .train : .evaluate, coreBatchSize: max(1, batch / replicas), handedBatchSize: nil,
            shards: replicas, isOnTPU: isOnTPU, isOptimized: isOptimized)
        return (built, replicas)
    }

    /// Plans the job.
    ///
    /// - Throws: what building the program throws: a model that fits no program.
    package func plan() throws -> JobPlan {
        let (built, replicas) = try program(isOptimized: true)
        let cost = Cost(built.program, replicas: replicas)
        let model = try self.model.plan(rows)
        return JobPlan(
            parameters: model.variables.parameters,
            variables: model.variables.map { (name: $0.name, shape: $0.shape, isTrainable: $0.isTrainable) },
            steps: training.flatMap { $0.maxSteps ?? $0.steps }, flopsPerStep: cost.flops,
            peakBytes: cost.variableBytes.addingSaturated(cost.peakBytes),
            summary: Summary.text(model: self.model.name, model))
    }
}
