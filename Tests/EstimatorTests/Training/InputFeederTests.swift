import Estimator
import Executor
import Formats
import Graph
import Synchronization
import Testing

/// The hosts' feeding threads, as a training has them.
@Suite struct InputFeederTests {
    private func train(_ input: any InputFunction, _ model: SmallModel = SmallModel(), steps: Int) throws {
        try model.estimator(TemporaryFolder()).train(input: input, steps: steps)
    }

    /// However far a host may be ahead, it reads what the loops take and no batch more.
    @Test(arguments: [1, 3, 50]) func noBatchIsReadThatIsNotTrained(ahead: Int) throws {
        let reads = Mutex<[Int: Int]>([:])
        var input = GivenInput { request, _ in
            reads.withLock { $0[request.rows.lowerBound, default: 0] += 1 }
            return request.rows.count
        }
        input.stepsAhead = ahead
        try train(input, SmallModel(iterations: 3, hosts: 2), steps: 7)
        #expect(reads.withLock { $0 } == [0: 7, 8: 7])
    }

    /// Of 8 cores with 2 rows each, one core's input ends: so many whole steps there are.
    @Test(arguments: ExecutorUnderTest.all, [0, 6, 14])
    func oneCoreEndsFirst(under: ExecutorUnderTest, firstRow: Int) throws {
        for last in [nil, 0, 1] {
            let input = GivenInput { request, batch in
                #expect(request.rows.count == 2 && request.params.batchSize == 2 && request.dropRemainder)
                return request.rows.lowerBound == firstRow && batch == 3 ? last : 2
            }
            #expect(
                throws: TrainingError.inputExhausted(
                    InputExhaustion(rows: 48, batchSize: 16, stepsDone: 3, stepsAsked: 9))
            ) { try train(input, SmallModel(iterations: 2, perHost: false, hosts: 2, under: under), steps: 9) }
        }
    }

    /// Numbers that an iterator can't have filled.
    @Test(arguments: [true, false], [17, Int.max, -1, Int.min]) func rowsThatCannotBe(useTPU: Bool, rows: Int) {
        let input = GivenInput { _, batch in batch == 4 ? rows : 16 }
        #expect(
            throws: TrainingError.inputFailed(
                detail: "an iterator says that it filled \(rows) rows of 16: give a number from 0 to 16")
        ) { try train(input, SmallModel(useTPU: useTPU), steps: 9) }
    }

    /// A record without elements is fed like any other.
    @Test func recordsWithoutBytes() throws {
        let folder = try TemporaryFolder()
        let estimator = try TPUEstimator(
            modelFunction: { features, _, mode, _, builder in
                let x = try #require(features.only)
                let w = builder.variable("w", initializer: .ones)
                let loss = w.value + x.reduceSum()
                return TPUEstimatorSpec(
                    mode: mode, loss: loss, trainOp: try GradientDescentOptimizer(learningRate: 0.5).minimize(loss))
            },
            config: RunConfig(modelDirectory: folder.path), useTPU: false, trainBatchSize: 4, execution: .reference)
        let input = GivenInput(features: .single(TensorType(.float32, [0])), labels: nil) { _, batch in
            batch < 3 ? 4 : batch == 3 ? 1 : nil
        }
        let result = try estimator.train(input: input)
        #expect(result.globalStep == 4 && result.loss == -0.5)
    }
}
