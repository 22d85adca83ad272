import Executor
import Graph
import Testing

/// What every executor owes by `ProgramExecutor`'s words, beside its arithmetic.
struct ProgramExecutorTests {
    struct Refusal: Error, Equatable {}

    /// Counts steps, sums what all cores are fed, hands it out with the count at the step's start.
    private static func counter() throws -> Program {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [2]))
        let step = builder.variable("step", dtype: .int64, initializer: .zeros, isTrainable: false)
        let total = builder.variable("total", initializer: .zeros)
        let sum = x.reduceSum().crossReplicaSum()
        step.assignAdd(builder.constant(1, dtype: .int64))
        total.assignAdd(sum)
        return try builder.finish(
            loss: x.reduceSum(), outfeed: [("step", step.value), ("row", x), ("core", builder.replicaIndex())])
    }

    @Test(arguments: ExecutorUnderTest.all)
    func runsStepsAndKeepsVariables(executor: ExecutorUnderTest) throws {
        let options = ExecutorOptions(replicas: 2, infeedCapacity: 3, outfeedCapacity: 3)
        let device = try executor.make(Self.counter(), options)
        for step in 0..<3 { try device.feed([bytes([1, 2, 3, 4].map { Float($0 + step) })]) }
        let result = try device.run(iterations: 3)
        #expect(result.stepsRun == 3 && !result.endedEarly && result.notFinite == nil)
        // The last step's core 0: 3 + 4.
        #expect(result.lossOfCoreZero == 7)
        #expect(floats(try device.read(variable: "total")) == [10 + 14 + 18])
        #expect(try device.read(variable: "step") == [3, 0, 0, 0, 0, 0, 0, 0])
        for step in 0..<3 {
            let values = try #require(try device.outfeed?.dequeue())
            #expect(values.map(\.name) == ["step", "row", "core"])
            #expect(values[0].bytes[0] == UInt8(step), "what is read is the value from the step's start")
            #expect(values[0].type == TensorType(.int64, [2]))
            #expect(values[1].type == TensorType(.float32, [4]))
            #expect(floats(values[1].bytes) == [1, 2, 3, 4].map { Float($0 + step) })
            #expect(values[2].bytes == [0, 0, 0, 0, 1, 0, 0, 0])
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func writesToAllCores(executor: ExecutorUnderTest) throws {
        let builder = GraphBuilder()
        let variable = builder.variable("v", shape: [2])
        let program = try builder.finish(outfeed: [("v", variable.value)])
        let device = try executor.make(program, ExecutorOptions(replicas: 3))
        try device.write(variable: "v", bytes: bytes([5, 6] as [Float]))
        #expect(floats(try device.read(variable: "v")) == [5, 6])
        #expect(try device.run(iterations: 1).stepsRun == 1)
        #expect(floats(try #require(try device.outfeed?.dequeue())[0].bytes) == [5, 6, 5, 6, 5, 6])
        #expect(throws: ExecutorError.self) { try device.write(variable: "w", bytes: []) }
        #expect(throws: ExecutorError.self) { try device.read(variable: "w") }
        #expect(throws: ExecutorError.self) { try device.write(variable: "v", bytes: [1]) }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func startsFromTheInitializers(executor: ExecutorUnderTest) throws {
        let builder = GraphBuilder()
        let variable = builder.variable("v", shape: [2, 2])
        let program = try builder.finish(outfeed: [("v", variable.value)])
        let device = try executor.make(program, ExecutorOptions(seed: 42))
        #expect(try device.read(variable: "v") == program.variables[0].initialValue(seed: 42).bytes)
    }

    /// Two variables that exchange their values, and one that takes another's new value.
    @Test(arguments: ExecutorUnderTest.all)
    func assignsTogetherAtTheStepsEnd(executor: ExecutorUnderTest) throws {
        let builder = GraphBuilder()
        let a = builder.variable("a", initializer: .constant(1))
        let b = builder.variable("b", initializer: .constant(2))
        let c = builder.variable("c", initializer: .zeros)
        let assigned = a.assign(b.value)
        b.assign(a.value)
        c.assign(assigned)
        let device = try executor.make(builder.finish(), ExecutorOptions())
        _ = try device.run(iterations: 1)
        #expect(try ["a", "b", "c"].map { floats(try device.read(variable: $0)) } == [[2], [1], [2]])
        _ = try device.run(iterations: 1)
        #expect(try ["a", "b", "c"].map { floats(try device.read(variable: $0)) } == [[1], [2], [1]])
        #expect(device.outfeed == nil)
    }

    @Test(arguments: ExecutorUnderTest.all)
    func keepsPerCoreValuesApart(executor: ExecutorUnderTest) throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [2]))
        let own = builder.variable("own", initializer: .zeros)
        own.assign(own.value + x.reduceMean())
        let program = try builder.finish(outfeed: [("own", own.value)])
        let device = try executor.make(program, ExecutorOptions(replicas: 2))
        for _ in 0..<2 { try device.feed([bytes([1, 3, 10, 20] as [Float])]) }
        _ = try device.run(iterations: 2)
        _ = try device.outfeed?.dequeue()
        #expect(floats(try #require(try device.outfeed?.dequeue())[0].bytes) == [2, 15])
        #expect(floats(try device.read(variable: "own")) == [4], "core 0's")
    }

    /// Each core has rows of its own; whole numbers wrap.
    @Test(arguments: ExecutorUnderTest.all, DType.allCases.filter { $0 != .bool })
    func addsEveryTypeOverCores(executor: ExecutorUnderTest, dtype: DType) throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(dtype, [2]))
        let program = try builder.finish(
            outfeed: [("sum", x.crossReplicaSum()), ("total", x.reduceSum().crossReplicaSum())])
        let input = Literal(type: TensorType(dtype, [6]), doubles: [100, 1, 100, 2, 100, 3])
        let outputs = try executor.step(program, inputs: [input.bytes], replicas: 3)
        func expected(_ sum: Int64, _ count: Int) -> [Int64] {
            let wrapped = dtype == .int8 ? Int64(Int8(truncatingIfNeeded: sum)) : dtype == .uint8 ? sum & 255 : sum
            return [Int64](repeating: wrapped, count: count)
        }
        let sums = Literal(type: input.type, bytes: try #require(outputs["sum"])).integers
        #expect([0, 2, 4].map { sums[$0] } == expected(300, 3))
        #expect([1, 3, 5].map { sums[$0] } == expected(6, 3))
        let totals = Literal(type: TensorType(dtype, [3]), bytes: try #require(outputs["total"])).integers
        #expect(totals == expected(306, 3))
    }

    @Test(arguments: ExecutorUnderTest.all)
    func endsWithTheInput(executor: ExecutorUnderTest) throws {
        let device = try executor.make(Self.counter(), ExecutorOptions(replicas: 2, outfeedCapacity: 4))
        try device.feed([bytes([1, 2, 3, 4] as [Float])])
        device.infeed.finish(host: 0)
        let result = try device.run(iterations: 4)
        #expect(result.stepsRun == 1 && result.endedEarly)
        let next = try device.run(iterations: 4)
        #expect(next.stepsRun == 0 && next.endedEarly && next.lossOfCoreZero == nil)
    }

    @Test(arguments: ExecutorUnderTest.all)
    func throwsTheFeedersError(executor: ExecutorUnderTest) throws {
        let device = try executor.make(Self.counter(), ExecutorOptions(replicas: 2))
        #expect(throws: Refusal.self) { try device.infeed.fill(host: 0) { _ in throw Refusal() } }
        let fault = #expect(throws: InfeedFault.self) { try device.run(iterations: 1) }
        #expect(fault?.host == 0 && fault?.cause is Refusal)
    }

    @Test(arguments: ExecutorUnderTest.all)
    func stopsAtAStepBoundary(executor: ExecutorUnderTest) throws {
        let device = try executor.make(Self.counter(), ExecutorOptions(replicas: 2))
        try device.feed([bytes([1, 2, 3, 4] as [Float])])
        device.requestStop()
        let stopped = try device.run(iterations: 1)
        #expect(stopped.stepsRun == 0 && stopped.endedEarly)
        let next = try device.run(iterations: 1)
        #expect(next.stepsRun == 1 && !next.endedEarly, "one request ends one run")
    }

    @Test(arguments: ExecutorUnderTest.all)
    func stopsWhileItWaitsForInput(executor: ExecutorUnderTest) async throws {
        let device = try executor.make(Self.counter(), ExecutorOptions(replicas: 2))
        let run = Thread { try device.run(iterations: 5) }
        device.requestStop()
        let result = try run.join()
        #expect(result.stepsRun == 0 && result.endedEarly)
    }

    @Test(arguments: ExecutorUnderTest.all)
    func namesWhatIsNotFinite(executor: ExecutorUnderTest) throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [1]))
        let fine = builder.variable("fine", initializer: .zeros)
        let bad = builder.variable("bad", shape: [1], initializer: .ones)
        fine.assignAdd(builder.constant(1))
        bad.assign((bad.value / x).crossReplicaSum())
        let program = try builder.finish(loss: x.log().reduceSum())
        func run(_ steps: [[Float]]) throws -> LoopResult {
            let device = try executor.make(program, ExecutorOptions(replicas: 2, infeedCapacity: 3))
            for step in steps { try device.feed([bytes(step)]) }
            return try device.run(iterations: steps.count)
        }
        let good = try run([[1, 2], [3, 4]])
        #expect(good.notFinite == nil && good.stepsRun == 2)
        // Core 1's zero makes the variable infinite, but core 0's loss is a number.
        let variable = try run([[1, 2], [3, 0], [1, 1]])
        #expect(variable.notFinite == LoopResult.NotFinite(step: 1, variable: "bad"))
        #expect(variable.stepsRun == 2)
        let both = try run([[0, 2]])
        #expect(both.notFinite == LoopResult.NotFinite(step: 0, variable: "bad"))
        #expect(both.lossOfCoreZero == -.infinity)
        let loss = try run([[-1, 2]])
        #expect(loss.notFinite == LoopResult.NotFinite(step: 0, variable: nil), "only the loss")
        #expect(loss.lossOfCoreZero?.isNaN == true)
    }

    @Test(arguments: ExecutorUnderTest.all)
    func refusesOptionsAndPrograms(executor: ExecutorUnderTest) throws {
        for options in [
            ExecutorOptions(replicas: 0), ExecutorOptions(replicas: 3, hosts: 2), ExecutorOptions(threads: 0),
            ExecutorOptions(lanes: 0), ExecutorOptions(infeedCapacity: 0), ExecutorOptions(outfeedCapacity: 0),
        ] {
            let error = #expect(throws: ExecutorError.self) { try executor.make(Program(), options) }
            #expect(error?.code == .invalidOptions)
        }
        var spoiled = try Self.counter()
        spoiled.nodes[0].type = .scalar(.bool)
        let error = #expect(throws: ExecutorError.self) { try executor.make(spoiled, ExecutorOptions()) }
        #expect(error?.code == .invalidProgram)
    }

    @Test func errorsNameTheirPlace() {
        let node = Node(op: .unary(.exp), operands: [], type: .scalar(.float32), name: "a/Exp")
        #expect("\(ExecutorError(.kernelFailed, "status 3", at: node))" == "kernelFailed at exp 'a/Exp': status 3")
        #expect("\(ExecutorError(.invalidOptions, "no"))" == "invalidOptions: no")
    }
}
