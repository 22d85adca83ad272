import Estimator
import Formats
import Graph
import OrderedCollections
import Testing

/// Values that a model function's spec has a training start from.
@Suite struct ScaffoldTests {
    private func estimator(
        _ folder: TemporaryFolder, useTPU: Bool, isPlain: Bool = false, record: Record = Record(),
        _ scaffold: @escaping @Sendable () throws -> Scaffold
    ) throws -> TPUEstimator {
        try TPUEstimator(
            modelFunction: DeclaredModelFunction { arguments in
                let builder = arguments.builder
                let w = builder.variable("w", shape: [2], initializer: .zeros)
                let b = builder.variable("b", initializer: .ones)
                let loss =
                    (w.value.reduceSum() + b.value) * 0 + (try #require(arguments.features.only)).reduceMean() * 0
                let operation = try CrossShardOptimizer(GradientDescentOptimizer(learningRate: 1)).minimize(loss)
                if isPlain {
                    return .estimator(
                        EstimatorSpec(mode: .train, loss: loss, trainOp: operation, scaffold: try scaffold()))
                }
                return .tpuEstimator(
                    TPUEstimatorSpec(mode: .train, loss: loss, trainOp: operation, scaffoldFunction: scaffold))
            },
            config: RunConfig(tpuConfig: try TPUConfig(numShards: 4), modelDirectory: folder.path), useTPU: useTPU,
            trainBatchSize: 8, execution: .reference, observer: record)
    }

    private func variables(_ folder: TemporaryFolder) throws -> [[Float]] {
        let checkpoint = try #require(try CheckpointStore(modelDirectory: folder.path).latestGood())
        return try ["w", "b"].map { name in
            try #require(checkpoint.variables.first { $0.name == name }).array.elements(as: Float.self)
        }
    }

    private static func two() throws -> HostTensor { try HostTensor([Float(3), 4], shape: [2]) }

    /// Where there is no checkpoint; what it does not name starts as its initializer says.
    @Test(arguments: [true, false]) func startsATraining(useTPU: Bool) throws {
        let folder = try TemporaryFolder()
        try estimator(folder, useTPU: useTPU) { Scaffold(initialValues: ["w": try Self.two()]) }.train(
            input: SmallModel.array(), steps: 1)
        #expect(try variables(folder) == [[3, 4], [1]])
        try estimator(folder, useTPU: useTPU) { throw TestFailure("there is a checkpoint") }.train(
            input: SmallModel.array(), steps: 1)
        #expect(try variables(folder) == [[3, 4], [1]])
    }

    /// A plain spec's counts on the CPU alone, as in the source, and the log says so.
    @Test(arguments: [true, false]) func ofAPlainSpec(useTPU: Bool) throws {
        let (folder, record) = (try TemporaryFolder(), Record())
        try estimator(folder, useTPU: useTPU, isPlain: true, record: record) {
            Scaffold(initialValues: ["w": try Self.two()])
        }
        .train(input: SmallModel.array(), steps: 1)
        #expect(try variables(folder) == [useTPU ? [0, 0] : [3, 4], [1]])
        let isTold = record.seen.log.contains { $0.level == .warning && $0.text.hasPrefix("EstimatorSpec.Scaffold is") }
        #expect(isTold == useTPU)
    }

    @Test func whatDoesNotFit() throws {
        func error(_ values: OrderedDictionary<String, HostTensor>) throws -> TrainingError? {
            do {
                try estimator(TemporaryFolder(), useTPU: false) { Scaffold(initialValues: values) }.train(
                    input: SmallModel.array(), steps: 1)
                return nil
            } catch let error as TrainingError { return error }
        }
        #expect(
            try error(["v": Self.two()])
                == .modelFailed(detail: "the scaffold has a value of v, and the model no variable of that name"))
        #expect(
            try error(["b": Self.two()])
                == .variableMismatch(name: "b", found: "float32 [2]", expected: "float32 []"))
        #expect(try error([:]) == nil)
        #expect(throws: TestFailure.self) {
            try estimator(TemporaryFolder(), useTPU: true) { throw TestFailure("no file") }.train(
                input: SmallModel.array(), steps: 1)
        }
    }
}
