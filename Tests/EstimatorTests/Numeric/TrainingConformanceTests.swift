import Estimator
import Formats
import Graph
import OrderedCollections
import Testing

/// `numeric/training`: whole runs through TPUEstimator(use_tpu=False) on the digits.
@Suite struct TrainingConformanceTests {
    private static let layers: Set<String> = ["flatten", "dense"]

    private static func isBuilt(_ numeric: NumericCase) -> Bool {
        let layers = numeric.json["layers"]?.array?.compactMap { $0["type"]?.string } ?? []
        return numeric.json["data"]?.string == "digits" && numeric.json["schedule"] == nil
            && numeric.json["l2"] == nil
            && Set(layers).isSubset(of: Self.layers)
            && numeric.json["loss_function"]?.string == "sparse_softmax_cross_entropy"
    }

    private static func cases() throws -> [NumericCase] {
        try NumericSuite("training").cases(
            where: isBuilt, otherwise: "convolutions, batch normalization, schedules and other data sets")
    }

    @Test(arguments: [ExecutorUnderTest.lanes]) func onTheCPU(on under: ExecutorUnderTest) throws {
        for numeric in try Self.cases() { try run(numeric, on: under) }
    }

    /// The same runs on eight cores end with the same variables: the mean of the cores' gradients is the batch's.
    @Test(arguments: [ExecutorUnderTest.lanes]) func onEightCores(on under: ExecutorUnderTest) throws {
        for numeric in try Self.cases() where numeric.json["phases"]?.array?.count == 4 {
            guard let steps = numeric.json["phases"]?[0]?["train"]?["max_steps"]?.int,
                numeric.json["phases"]?[2]?["train"] == nil
            else { continue }
            let folder = try TemporaryFolder()
            let estimator = try Self.estimator(
                numeric, folder, under, Record(), useTPU: true, iterations: 50)
            try estimator.train(input: try Self.training(numeric), maxSteps: steps)
            try check(numeric, estimator, "parameters_after_last_step", "parameters")
        }
    }

    // MARK: A case

    private func run(_ numeric: NumericCase, on under: ExecutorUnderTest) throws {
        let folder = try TemporaryFolder()
        let record = Record()
        let estimator = try Self.estimator(numeric, folder, under, record)
        let input = try Self.training(numeric)
        for phase in try #require(numeric.json["phases"]?.array) {
            if let train = phase["train"] {
                try estimator.train(input: input, maxSteps: try #require(train["max_steps"]?.int))
            } else {
                try evaluate(numeric, phase, folder, under)
            }
        }
        let losses = record.seen.losses
        let reference = try numeric.array(numeric.json["loss"]).floats
        #expect(losses.map(\.step) == Array(1...reference.count), "\(numeric.id)")
        try numeric.tolerance("loss").check(losses.map { Float($0.loss) }, reference, "\(numeric.id) losses")
        try numeric.tolerance("loss_first_20_steps").check(
            losses.prefix(20).map { Float($0.loss) }, Array(reference.prefix(20)), "\(numeric.id) first losses")
        try check(numeric, estimator, "parameters_after_last_step", "parameters")
        try predict(numeric, estimator)
        try firstStep(numeric, under)
    }

    private func firstStep(_ numeric: NumericCase, _ under: ExecutorUnderTest) throws {
        let folder = try TemporaryFolder()
        let estimator = try Self.estimator(numeric, folder, under, Record())
        try estimator.train(input: try Self.training(numeric), maxSteps: 1)
        try check(numeric, estimator, "parameters_after_step_1", "parameters_after_step_1")
    }

    private func check(
        _ numeric: NumericCase, _ estimator: TPUEstimator, _ member: String, _ tolerance: String
    ) throws {
        let checkpoint = try #require(try estimator.checkpointStore().latestGood())
        let expected = try numeric.arrays(member)
        #expect(checkpoint.variables.map(\.name).sorted() == expected.map(\.name).sorted())
        for (name, array) in expected {
            let value = try #require(checkpoint.variables.first { $0.name == name })
            try numeric.tolerance(tolerance).check(
                try value.array.floats, try array.floats, "\(numeric.id) \(name) of \(member)")
        }
        let stored = Set((checkpoint.variables + checkpoint.slots).map(\.name) + ["global_step"])
        let names = try #require(numeric.json["checkpoint_variables"]?.array).compactMap { $0["name"]?.string }
        #expect(stored == Set(names), "\(numeric.id)")
    }

    private func evaluate(
        _ numeric: NumericCase, _ phase: JSON, _ folder: TemporaryFolder, _ under: ExecutorUnderTest
    ) throws {
        let plan = try #require(phase["evaluate"])
        let expected = try #require(phase["result"])
        let estimator = try Self.estimator(
            numeric, folder, under, Record(), evalBatchSize: try #require(plan["batch_size"]?.int))
        let result = try estimator.evaluate(input: try Self.testing(), steps: plan["steps"]?.int)
        #expect(result.globalStep == expected["global_step"]?.int, "\(numeric.id)")
        try numeric.tolerance("loss").check(
            [Float(result.loss)], [Float(try #require(expected["loss"]?.double))], "\(numeric.id) evaluation")
        let accuracy = Float(try #require(result.metrics["accuracy"]))
        #expect(accuracy == Float(try #require(expected["accuracy"]?.double)), "\(numeric.id)")
    }

    private func predict(_ numeric: NumericCase, _ estimator: TPUEstimator) throws {
        let input = try Self.testing(rows: 10)
        var batches = 0
        try estimator.predict(input: input) { predictions in
            batches += 1
            for (name, array) in try numeric.arrays("predictions") {
                let value = try #require(predictions[name])
                if array.type == .int64 {
                    #expect(value.integers == (try array.elements(as: Int64.self)), "\(numeric.id) \(name)")
                } else {
                    try numeric.tolerance("predictions").check(
                        value.floats, try array.floats, "\(numeric.id) \(name)")
                }
            }
        }
        #expect(batches == 1)
    }

    // MARK: Parts

    private static func estimator(
        _ numeric: NumericCase, _ folder: TemporaryFolder, _ under: ExecutorUnderTest, _ record: Record,
        useTPU: Bool = false, iterations: Int = 1, evalBatchSize: Int? = nil
    ) throws -> TPUEstimator {
        var initial: OrderedDictionary<String, NDArray> = [:]
        for (name, array) in try numeric.arrays("initial") { initial[name] = array }
        let layers = try #require(numeric.json["layers"]?.array)
        let optimizer = try NumericOptimizer.make(numeric)
        return try TPUEstimator(
            modelFunction: { features, labels, mode, _, builder in
                var value = try #require(features.only)
                for layer in layers { value = try Self.layer(layer, value, builder) }
                guard let labels = labels?.only else {
                    return TPUEstimatorSpec(
                        mode: mode,
                        predictions: [
                            "logits": value, "probabilities": value.softmax(), "classes": value.argMax(),
                        ])
                }
                let loss = Losses.sparseSoftmaxCrossEntropy(labels: labels, logits: value)
                let used: any Optimizer = useTPU ? CrossShardOptimizer(optimizer) : optimizer
                return TPUEstimatorSpec(
                    mode: mode, loss: loss, trainOp: mode == .train ? try used.minimize(loss) : nil,
                    evalMetrics: EvalMetrics(
                        tensors: ["labels": labels, "logits": value],
                        metrics: [.sparseCategoricalAccuracy(labels: "labels", scores: "logits")]),
                    predictions: ["logits": value, "probabilities": value.softmax(), "classes": value.argMax()])
            },
            config: RunConfig(
                tpuConfig: try TPUConfig(iterationsPerLoop: iterations), modelDirectory: folder.path),
            params: ModelParameters(), useTPU: useTPU, trainBatchSize: try numeric.int("train_batch_size"),
            evalBatchSize: evalBatchSize, execution: under.execution(), observer: record,
            startingPoint: StartingPoint(variables: initial), demandsWholeInput: false)
    }

    private static func layer(_ layer: JSON, _ input: Tensor, _ builder: GraphBuilder) throws -> Tensor {
        guard layer["type"]?.string == "dense" else { return input.flattened() }
        let name = try #require(layer["name"]?.string)
        let units = try #require(layer["units"]?.int)
        let kernel = builder.variable("\(name)/kernel", shape: [input.shape[1], units])
        let bias = builder.variable("\(name)/bias", shape: [units], initializer: .zeros)
        let sum = input.matmul(kernel.value) + bias.value
        return layer["activation"]?.string == "relu" ? sum.relu() : sum
    }

    private static func training(_ numeric: NumericCase) throws -> ArrayInput {
        let digits = try Digits.training()
        return ArrayInput(
            NDArray((0..<digits.count).flatMap { digits.pixels(of: $0) }, shape: [digits.count, 8, 8]),
            labels: NDArray(digits.labels.map { Int32($0) }),
            order: try #require(ArrayInput.Order(rawValue: try numeric.string("order"))))
    }

    private static func testing(rows: Int? = nil) throws -> ArrayInput {
        let digits = try Digits.test()
        let count = rows ?? digits.count
        let pixels = NDArray((0..<count).flatMap { digits.pixels(of: $0) }, shape: [count, 8, 8])
        return ArrayInput(
            pixels, labels: rows == nil ? NDArray(digits.labels.map { Int32($0) }) : nil, repeats: 1)
    }
}
