import Estimator
import Formats
import Graph
import OrderedCollections
import TestSupport
import Testing

/// `numeric/training`: whole runs through TPUEstimator(use_tpu=False).
@Suite(.enabled(if: ProjectFiles.hasCases("numeric/training.json"), "\(ProjectFiles.noCases)"))
struct TrainingConformanceTests {
    @Test(arguments: [ExecutorUnderTest.lanes]) func onTheCPU(on under: ExecutorUnderTest) throws {
        let cases = try NumericSuite("training").cases
        for numeric in cases { try run(numeric, on: under) }
        print("conformance training: \(cases.count) cases run")
    }

    /// The same runs on eight cores end with the same variables: the mean of the cores' gradients is the batch's.
    @Test(arguments: [ExecutorUnderTest.lanes]) func onEightCores(on under: ExecutorUnderTest) throws {
        for numeric in try NumericSuite("training").cases where numeric.json["phases"]?.array?.count == 4 {
            let layers = numeric.json["layers"]?.array?.compactMap { $0["type"]?.string } ?? []
            // A batch's statistics are a core's own, and where maxima of a window meet another order of sums may decide.
            guard let steps = numeric.json["phases"]?[0]?["train"]?["max_steps"]?.int,
                numeric.json["phases"]?[2]?["train"] == nil, Set(layers).isSubset(of: ["flatten", "dense"])
            else { continue }
            let folder = try TemporaryFolder()
            let estimator = try Self.estimator(
                numeric, folder, under, Record(), useTPU: true, iterations: 50)
            try estimator.train(input: try TrainingData(numeric).training(), maxSteps: steps)
            try check(numeric, estimator, "parameters_after_last_step", "parameters")
        }
    }

    // MARK: A case

    private func run(_ numeric: NumericCase, on under: ExecutorUnderTest) throws {
        let folder = try TemporaryFolder()
        let record = Record()
        let estimator = try Self.estimator(numeric, folder, under, record)
        let input = try TrainingData(numeric).training()
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
        try numeric.checkRun("loss", losses.map { Float($0.loss) }, reference, "\(numeric.id) losses")
        try numeric.tolerance("loss_first_20_steps").check(
            losses.prefix(20).map { Float($0.loss) }, Array(reference.prefix(20)), "\(numeric.id) first losses")
        try check(numeric, estimator, "parameters_after_last_step", "parameters")
        try predict(numeric, estimator)
        try firstStep(numeric, under)
    }

    private func firstStep(_ numeric: NumericCase, _ under: ExecutorUnderTest) throws {
        let folder = try TemporaryFolder()
        let estimator = try Self.estimator(numeric, folder, under, Record())
        try estimator.train(input: try TrainingData(numeric).training(), maxSteps: 1)
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
            try numeric.checkRun(
                tolerance,
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
        let result = try estimator.evaluate(input: try TrainingData(numeric).test(), steps: plan["steps"]?.int)
        #expect(result.globalStep == expected["global_step"]?.int, "\(numeric.id)")
        try numeric.checkRun(
            "loss",
            [Float(result.loss)], [Float(try #require(expected["loss"]?.double))], "\(numeric.id) evaluation")
        for (name, value) in try #require(expected.object) where name != "loss" && name != "global_step" {
            let metric = Float(try #require(result.metrics[name], "\(numeric.id): \(name)"))
            let wanted = Float(try #require(value.double))
            if name == "accuracy" {
                #expect(metric == wanted, "\(numeric.id)")
            } else {
                try numeric.checkRun("loss", [metric], [wanted], "\(numeric.id) \(name)")
            }
        }
    }

    private func predict(_ numeric: NumericCase, _ estimator: TPUEstimator) throws {
        let input = try TrainingData(numeric).test(first: 10)
        var batches = 0
        try estimator.predict(input: input) { predictions in
            batches += 1
            for (name, array) in try numeric.arrays("predictions") {
                let value = try #require(predictions[name])
                if array.type == .int64 {
                    #expect(value.integers == (try array.elements(as: Int64.self)), "\(numeric.id) \(name)")
                } else {
                    try numeric.checkRun(
                        "predictions",
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
        let head = try TrainingHead.of(numeric)
        return try TPUEstimator(
            modelFunction: { features, labels, mode, _, builder in
                let value = try TrainingModel(layers: layers, isTraining: mode == .train).outputs(
                    of: try #require(features.only), builder)
                var spec = TPUEstimatorSpec(mode: mode, predictions: head.predictions(value))
                guard let labels = labels?.only else { return spec }
                let loss = head.loss(labels, value)
                let used: any Optimizer = useTPU ? CrossShardOptimizer(optimizer) : optimizer
                spec.loss = loss
                if mode == .train { spec.trainOp = try used.minimize(loss) }
                spec.evalMetrics = EvalMetrics(tensors: ["labels": labels, "outputs": value], metrics: head.metrics)
                return spec
            },
            config: RunConfig(
                tpuConfig: try TPUConfig(iterationsPerLoop: iterations), modelDirectory: folder.path),
            params: ModelParameters(), useTPU: useTPU, trainBatchSize: try numeric.int("train_batch_size"),
            evalBatchSize: evalBatchSize, execution: under.execution(), observer: record,
            startingPoint: StartingPoint(variables: initial), demandsWholeInput: false)
    }
}

extension NumericCase {
    /// Holds numbers of a whole run against their reference. In a net with maxima another order of sums may decide a near-tie
    /// otherwise, and the run goes on elsewhere: what then agrees to `tolerance_after_branch` is right, the first 20 losses
    /// being so.
    func checkRun(_ kind: String, _ values: [Float], _ reference: [Float], _ what: String) throws {
        let tolerance = try tolerance(kind)
        guard !tolerance.holds(values, reference), let branch = json["tolerance_after_branch"]?[kind],
            let relative = branch["rtol"]?.double, let absolute = branch["atol"]?.double
        else { return tolerance.check(values, reference, what) }
        print("conformance training: \(what) is that of another branch")
        Tolerance(relative: relative, absolute: absolute).check(values, reference, what)
    }
}
