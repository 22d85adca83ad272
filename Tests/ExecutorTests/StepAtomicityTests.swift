import Executor
import Graph
import Testing

/// A step that fails changes no variable: none is overwritten while a product, which may fail, is still to come.
struct StepAtomicityTests {
    /// A dense layer with momentum; with `late`, a product of the new kernel follows its update.
    private func program(late: Bool) throws -> Program {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [32, 16]))
        let kernel = builder.variable("kernel", shape: [16, 16])
        let loss = x.matmul(kernel.value).square().reduceMean()
        let gradient = builder.gradients(of: loss, withRespectTo: [kernel])[0].crossReplicaSum()
        let slot = builder.variable("slot", shape: [16, 16], initializer: .zeros, isTrainable: false)
        let new = kernel.value - slot.assign(slot.value * 0.9 + gradient) * 0.1
        kernel.assign(new)
        var outfeed = [(name: "loss", value: loss)]
        if late { outfeed.append(("later", x.matmul(new))) }
        return try builder.finish(loss: loss, outfeed: outfeed)
    }

    @Test(arguments: [1, 4])
    func variablesAreOverwrittenOnlyBehindTheLastProduct(replicas: Int) throws {
        let options = ExecutorOptions(replicas: replicas)
        let usual = try LaneExecutor(program: program(late: false), options: options)
        #expect(usual.variablesInPlace == ["kernel", "slot"])
        let late = try LaneExecutor(program: program(late: true), options: options)
        #expect(late.variablesInPlace.isEmpty)
    }

    @Test(arguments: ExecutorUnderTest.all)
    func inputThatFailsBetweenStepsLeavesTheLastWholeStep(executor: ExecutorUnderTest) throws {
        struct Broken: Error {}
        let device = try executor.make(program(late: true), ExecutorOptions(infeedCapacity: 4, outfeedCapacity: 4))
        let input = bytes((0..<512).map { Float($0 % 13) / 13 })
        try device.feed([input])
        #expect(try device.run(iterations: 1).stepsRun == 1)
        let before = try device.read(variable: "kernel")
        #expect(throws: Broken.self) { try device.infeed.fill(host: 0) { _ in throw Broken() } }
        #expect(throws: InfeedFault.self) { try device.run(iterations: 1) }
        #expect(try device.read(variable: "kernel") == before)
    }

    /// An L2 penalty adds to each gradient what is the same on all cores; the sum over cores still sinks to the
    /// product over the batch.
    @Test(arguments: [2, 8])
    func penaltiesLetSumsAccumulate(replicas: Int) throws {
        func sums(penalty: Double) throws -> Int {
            let builder = GraphBuilder()
            var x = builder.infeed(TensorType(.float32, [8, 6]))
            let kernels = (0..<3).map { builder.variable("kernel\($0)", shape: [6, 6]) }
            for kernel in kernels { x = x.matmul(kernel.value).relu() }
            var loss = x.square().reduceMean()
            if penalty > 0 { for kernel in kernels { loss = loss + kernel.value.square().reduceSum() * penalty } }
            let gradients = builder.gradients(of: loss * (1 / Double(replicas)), withRespectTo: kernels)
            for (kernel, gradient) in zip(kernels, gradients) {
                kernel.assignSubtract(gradient.crossReplicaSum() * 0.1)
            }
            let program = try Passes.optimize(builder.finish(loss: loss))
            return try LaneExecutor(program: program, options: ExecutorOptions(replicas: replicas)).accumulatedSums
        }
        #expect(try sums(penalty: 0) == 3)
        #expect(try sums(penalty: 0.01) == 3)
    }
}
