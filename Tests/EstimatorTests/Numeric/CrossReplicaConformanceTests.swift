import Estimator
import Executor
import Formats
import Graph
import TestSupport
import Testing

/// `numeric/crossreplica`: CrossShardOptimizer on N cores; the loss of every core in every step, parameters after each.
@Suite(.enabled(if: ProjectFiles.hasCases("numeric/crossreplica.json"), "\(ProjectFiles.noCases)"))
struct CrossReplicaConformanceTests {
    @Test(arguments: ExecutorUnderTest.all) func trainsTogether(on under: ExecutorUnderTest) throws {
        for numeric in try NumericSuite("crossreplica").cases { try run(numeric, on: under) }
    }

    private func run(_ numeric: NumericCase, on under: ExecutorUnderTest) throws {
        let cores = try numeric.int("num_replicas")
        let (x, y) = try batches(of: numeric)
        let builder = GraphBuilder()
        let variables = try numeric.arrays("initial").map { entry in
            let isTrained = !entry.name.hasPrefix("moving_")
            return try builder.variable(entry.name, entry.array, isTrainable: isTrained)
        }
        let model = CrossReplicaModel(numeric: numeric, builder: builder, variables: variables)
        let loss = try model.loss(x: try builder.infeed(x[0], cores: cores), y: try builder.infeed(y[0], cores: cores))
        try minimize(loss, numeric, builder, cores: cores)
        let differing =
            try numeric.json["per_replica_parameters"] == nil ? [] : numeric.arrays("per_replica_parameters")
        let values = variables.filter { variable in differing.contains { $0.name == variable.name } }
        let program = try builder.finish(
            loss: loss, outfeed: [("loss", loss)] + values.map { (name: $0.name, value: $0.value) })

        let run = try ProgramRun(program, on: under, replicas: cores)
        let tolerance = try numeric.tolerance()
        let losses = try numeric.array(numeric.json["loss_per_replica"])
        let reported = try numeric.array(numeric.json["reported_loss"]).floats
        let expected = try numeric.arrays("parameters")
        let isLastOnly = numeric.json["parameters_are"] != nil
        let steps = try numeric.int("steps")
        for step in 0..<steps {
            let result = try run.step([x[step], y[step]])
            tolerance.check(
                try floats(result.outfeed["loss"]), try losses.row(step).floats,
                "\(numeric.id) losses of step \(step)")
            tolerance.check([try #require(result.loss)], [reported[step]], "\(numeric.id) reported loss \(step)")
            if step > 0 { try check(result.outfeed, differing, after: step - 1, tolerance, numeric) }
            guard !isLastOnly || step == steps - 1 else { continue }
            for (name, array) in expected {
                tolerance.check(
                    try run.variable(name), try isLastOnly ? array.floats : array.row(step).floats,
                    "\(numeric.id) \(name) after step \(step)")
            }
        }
        // What is handed out is each core's value at a step's beginning, so that the last comes with one step more.
        if !differing.isEmpty {
            let last = try run.step([x[steps - 1], y[steps - 1]])
            try check(last.outfeed, differing, after: steps - 1, tolerance, numeric)
        }
    }

    private func minimize(_ loss: Tensor, _ numeric: NumericCase, _ builder: GraphBuilder, cores: Int) throws {
        let reduction = try #require(
            CrossShardOptimizer.Reduction(rawValue: try numeric.string("reduction").lowercased()))
        let groups = numeric.json["group_assignment"]?.array?.map { ($0.array ?? []).compactMap(\.int) }
        let optimizer = CrossShardOptimizer(
            try NumericOptimizer.make(numeric), reduction: reduction, groupAssignment: groups)
        _ = try ShardContext.$numberOfShards.withValue(cores) {
            guard let limit = numeric.json["clip_by_global_norm_before_apply"]?.double else {
                return try optimizer.minimize(loss)
            }
            // Clipping in between acts on the gradients of one core, not yet summed.
            var gradients = try optimizer.computeGradients(of: loss, for: builder.trainableVariables)
            let clipped = builder.clipByGlobalNorm(gradients.compactMap(\.gradient), to: limit).clipped
            for (place, gradient) in clipped.enumerated() { gradients[place].gradient = gradient }
            return try optimizer.applyGradients(gradients, in: builder)
        }
    }

    /// What differs between cores, of every core.
    private func check(
        _ outfeed: [String: OutfeedQueue.Tensor], _ expected: [(name: String, array: NDArray)], after step: Int,
        _ tolerance: Tolerance, _ numeric: NumericCase
    ) throws {
        for (name, array) in expected {
            tolerance.check(
                try floats(outfeed[name]), try array.row(step).floats,
                "\(numeric.id) every core's \(name) after step \(step)")
        }
    }

    private func floats(_ tensor: OutfeedQueue.Tensor?) throws -> [Float] {
        let tensor = try #require(tensor)
        return HostTensor(name: tensor.name, type: tensor.type, bytes: tensor.bytes).floats
    }

    /// The global batch of each step.
    private func batches(of numeric: NumericCase) throws -> (x: [NDArray], y: [NDArray]) {
        let steps = try numeric.int("steps")
        if numeric.json["data"]?.array != nil {
            let data = try numeric.arrays("data")
            return (
                try (0..<steps).map { try data[0].array.row($0) }, try (0..<steps).map { try data[1].array.row($0) }
            )
        }
        let rows = try numeric.int("global_batch")
        let digits = try Digits.training()
        let batches = (0..<steps).map { step in (0..<rows).map { (step * rows + $0) % digits.count } }
        return (
            batches.map { NDArray($0.flatMap { digits.pixels(of: $0) }, shape: [rows, 64]) },
            batches.map { NDArray($0.map { Int32(digits.labels[$0]) }) }
        )
    }
}
