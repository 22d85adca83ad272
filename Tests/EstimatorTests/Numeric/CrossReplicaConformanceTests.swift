import Estimator
import Executor
import Formats
import Graph
import Testing

/// `numeric/crossreplica`: CrossShardOptimizer on N cores; the loss of every core in every step, parameters after each.
@Suite struct CrossReplicaConformanceTests {
    private static let models: Set<String> = ["linear_mse", "softmax_xent", "mlp", "mlp_l2"]

    @Test(arguments: ExecutorUnderTest.all) func trainsTogether(on under: ExecutorUnderTest) throws {
        let cases = try NumericSuite("crossreplica").cases(
            where: { numeric in
                Self.models.contains(numeric.json["model"]?.string ?? "") && numeric.json["group_assignment"] == nil
            }, otherwise: "batch normalization is not a part of the estimator, sums over groups are not built yet")
        for numeric in cases { try run(numeric, on: under) }
    }

    private func run(_ numeric: NumericCase, on under: ExecutorUnderTest) throws {
        let cores = try numeric.int("num_replicas")
        let (x, y) = try batches(of: numeric)
        let builder = GraphBuilder()
        let variables = try numeric.arrays("initial").map { try builder.variable($0.name, $0.array) }
        let loss = try self.loss(
            numeric, builder, variables, x: try builder.infeed(x[0], cores: cores),
            y: try builder.infeed(y[0], cores: cores))
        let reduction = try #require(
            CrossShardOptimizer.Reduction(rawValue: try numeric.string("reduction").lowercased()))
        let optimizer = CrossShardOptimizer(try NumericOptimizer.make(numeric), reduction: reduction)
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

        let run = try ProgramRun(
            try builder.finish(loss: loss, outfeed: [("loss", loss)]), on: under, replicas: cores)
        let tolerance = try numeric.tolerance()
        let losses = try numeric.array(numeric.json["loss_per_replica"])
        let reported = try numeric.array(numeric.json["reported_loss"]).floats
        let expected = try numeric.arrays("parameters")
        let isLastOnly = numeric.json["parameters_are"] != nil
        let steps = try numeric.int("steps")
        for step in 0..<steps {
            let result = try run.step([x[step], y[step]])
            let all = try #require(result.outfeed["loss"])
            tolerance.check(
                HostTensor(name: all.name, type: all.type, bytes: all.bytes).floats, try losses.row(step).floats,
                "\(numeric.id) losses of step \(step)")
            tolerance.check([try #require(result.loss)], [reported[step]], "\(numeric.id) reported loss \(step)")
            guard !isLastOnly || step == steps - 1 else { continue }
            for (name, array) in expected {
                tolerance.check(
                    try run.variable(name), try isLastOnly ? array.floats : array.row(step).floats,
                    "\(numeric.id) \(name) after step \(step)")
            }
        }
    }

    /// The loss of one core by the suite's own words.
    private func loss(
        _ numeric: NumericCase, _ builder: GraphBuilder, _ variables: [GraphVariable], x: Tensor, y: Tensor
    ) throws -> Tensor {
        var values = variables.map(\.value)[...]
        func dense(_ input: Tensor) -> Tensor {
            defer { values = values.dropFirst(2) }
            return input.matmul(values[values.startIndex]) + values[values.startIndex + 1]
        }
        switch try numeric.string("model") {
        case "linear_mse": return Losses.meanSquaredError(labels: y, predictions: dense(x))
        case "softmax_xent": return Losses.sparseSoftmaxCrossEntropy(labels: y, logits: dense(x))
        default:
            var hidden = x
            while values.count > 2 { hidden = dense(hidden).relu() }
            var loss = Losses.sparseSoftmaxCrossEntropy(labels: y, logits: dense(hidden))
            if let l2 = numeric.json["model_settings"]?["l2"]?.double {
                for kernel in variables where kernel.shape.rank == 2 {
                    loss = loss + kernel.value.square().reduceSum() / 2 * l2
                }
            }
            return loss
        }
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
