import Estimator
import Formats
import Graph
import OrderedCollections
import Testing

/// Variables between checkpoints, starting points and executors.
@Suite struct VariableTransferTests {
    /// Every batch has the same rows, so that a run's place in the data does not matter.
    private static let input = ArrayInput(
        NDArray(Array(SmallModel.features.prefix(16 * 6)), shape: [16, 6]),
        labels: NDArray(Array(SmallModel.classes.prefix(16))))

    private func train(_ model: SmallModel, steps: Int) throws -> Checkpoint {
        let folder = try TemporaryFolder()
        try model.estimator(folder).train(input: Self.input, steps: steps)
        return try #require(try CheckpointStore(modelDirectory: folder.path).latestGood())
    }

    private func point(_ checkpoint: Checkpoint, hasSlots: Bool) -> StartingPoint {
        StartingPoint(
            variables: NamedArray.dictionary(checkpoint.variables),
            slots: hasSlots ? NamedArray.dictionary(checkpoint.slots) : nil, globalStep: checkpoint.step)
    }

    /// With slots and step a run goes on as if it had never ended; without, the optimizer starts anew.
    @Test(arguments: ExecutorUnderTest.all, [true, false])
    func goingOn(under: ExecutorUnderTest, hasSlots: Bool) throws {
        for optimizer in [KerasSGD(learningRate: 0.2, momentum: 0.9), KerasAdam(learningRate: 0.05)] as [any Optimizer]
        {
            var model = SmallModel(optimizer: optimizer, under: under)
            let whole = try train(model, steps: 8)
            model.startingPoint = point(try train(model, steps: 4), hasSlots: hasSlots)
            let parts = try train(model, steps: 4)
            #expect(parts.step == 8)
            #expect(whole.variables.map(\.name) == parts.variables.map(\.name))
            #expect((whole.variables.map(\.array) == parts.variables.map(\.array)) == hasSlots)
        }
    }

    @Test func slotsThatDoNotFit() throws {
        var model = SmallModel()
        var start = point(try train(model, steps: 1), hasSlots: true)
        start.slots?["dense/bias/momentum"] = NDArray([Float(0), 0])
        model.startingPoint = start
        #expect(
            throws: TrainingError.variableMismatch(
                name: "dense/bias/momentum", found: "float32 [2]", expected: "float32 [3]")
        ) { try train(model, steps: 1) }
        start.slots?["dense/bias/momentum"] = nil
        model.startingPoint = start
        let error = #expect(throws: TrainingError.variableMissing(name: "dense/bias/momentum")) {
            try train(model, steps: 1)
        }
        #expect(error?.description == "variable dense/bias/momentum is not among the values to start from")
    }

    /// The shape alone is not enough, nor is the number of bytes.
    @Test(arguments: [
        (NDArray(zeros: .float64, shape: [6, 3]), "float64 [6, 3]"),
        (NDArray(zeros: .int32, shape: [6, 3]), "int32 [6, 3]"),
        (NDArray(zeros: .float32, shape: [3, 6]), "float32 [3, 6]"),
        (NDArray(zeros: .float32, shape: [18]), "float32 [18]"), (NDArray(zeros: .float32, shape: []), "float32 []"),
        (NDArray(zeros: .float32, shape: [0, 3]), "float32 [0, 3]"),
    ]) func variablesThatDoNotFit(kernel: NDArray, found: String) throws {
        var model = SmallModel()
        model.startingPoint = StartingPoint(
            variables: ["dense/kernel": kernel, "dense/bias": NDArray([Float(0), 0, 0])])
        let error = #expect(
            throws: TrainingError.variableMismatch(name: "dense/kernel", found: found, expected: "float32 [6, 3]")
        ) { try train(model, steps: 1) }
        #expect(
            error?.description
                == "variable dense/kernel is \(found) in the values to start from, the model has float32 [6, 3]")
    }

    @Test func theCheckpointWinsOverTheStartingPoint() throws {
        let folder = try TemporaryFolder()
        var model = SmallModel()
        try model.estimator(folder).train(input: Self.input, steps: 3)
        model.startingPoint = StartingPoint(variables: [:], globalStep: 70)
        let record = Record()
        try model.estimator(folder, record).train(input: Self.input, steps: 1)
        #expect(record.seen.started.map(\.step) == [3])
    }

    /// The graph's own global step is the run's, from wherever it starts.
    @Test(arguments: ExecutorUnderTest.all) func theStepOfTheGraph(under: ExecutorUnderTest) throws {
        let folder = try TemporaryFolder()
        func seen(steps: Int, start: StartingPoint?) throws -> [Float] {
            let estimator = try TPUEstimator(
                modelFunction: { _, _, mode, _, builder in
                    let seen = builder.variable("seen", initializer: .zeros, isTrainable: false)
                    seen.assign(GlobalStep.value(in: builder).cast(to: .float32))
                    let loss = builder.constant(0)
                    return TPUEstimatorSpec(
                        mode: mode, loss: loss,
                        trainOp: try GradientDescentOptimizer(learningRate: 1).minimize(loss, variables: []))
                },
                config: RunConfig(
                    tpuConfig: try TPUConfig(iterationsPerLoop: 2, numShards: 1), modelDirectory: folder.path),
                params: ModelParameters(), useTPU: false, trainBatchSize: 4, evalBatchSize: nil,
                execution: under.execution(), observer: nil, startingPoint: start)
            try estimator.train(input: Self.input, steps: steps)
            let checkpoint = try #require(try CheckpointStore(modelDirectory: folder.path).latestGood())
            #expect(checkpoint.variables.map(\.name) == ["seen"], "the step is no variable of the model's")
            return try checkpoint.variables[0].array.elements(as: Float.self)
        }
        let start = StartingPoint(variables: ["seen": NDArray([Float(0)], shape: [])], globalStep: 12)
        #expect(try seen(steps: 3, start: start) == [14])
        // And from the checkpoint that this left.
        #expect(try seen(steps: 1, start: nil) == [15])
    }

    @Test(arguments: [FaultyExecutor.Call.read, .write]) func theExecutorFails(call: FaultyExecutor.Call) throws {
        var model = SmallModel(under: .failing(call))
        model.startingPoint = StartingPoint(
            variables: [
                "dense/kernel": NDArray(zeros: .float32, shape: [6, 3]), "dense/bias": NDArray([Float(0), 0, 0]),
            ])
        #expect(throws: TrainingError.executionFailed(detail: "kernelFailed: the library gave 3")) {
            try train(model, steps: 1)
        }
    }

    /// Arrays keep their order; of two of one name the last one counts.
    @Test func arraysByName() {
        let arrays = [("b", 1), ("a", 2), ("b", 3)].map { NamedArray(name: $0, array: NDArray([Float($1)])) }
        let dictionary = NamedArray.dictionary(arrays)
        #expect(Array(dictionary.keys) == ["b", "a"])
        #expect(dictionary["b"] == NDArray([Float(3)]))
        #expect(NamedArray.dictionary([]).isEmpty)
    }
}
