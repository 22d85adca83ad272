import CAllocations
import Executor
import Graph
import Testing

/// What a step takes from the heap once the first ones are done: nothing of ours. oneDNN's products take what they
/// take, which is measured beside and subtracted.
struct AllocationTests {
    /// Layers 24-16-4 on a batch of 64 with momentum.
    private static func program(products: Bool) throws -> Program {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [64, 24]))
        let labels = builder.infeed(TensorType(.int64, [64]))
        let loss: Tensor
        if products {
            let first = builder.variable("first", shape: [24, 16])
            let second = builder.variable("second", shape: [16, 4])
            let logits = x.matmul(first.value).relu().matmul(second.value)
            loss = logits.sparseSoftmaxCrossEntropy(labels: labels).reduceMean()
        } else {
            let scale = builder.variable("scale", shape: [24], initializer: .ones)
            loss = (x * scale.value).tanh().logSoftmax().sparseSoftmaxCrossEntropy(labels: labels).reduceMean()
        }
        let variables = builder.trainableVariables
        for (variable, gradient) in zip(variables, builder.gradients(of: loss, withRespectTo: variables)) {
            let slot = builder.variable(
                "\(variable.name)/Momentum", shape: variable.shape, initializer: .zeros, isTrainable: false)
            variable.assignSubtract(slot.assign(slot.value * 0.9 + gradient.crossReplicaSum()) * 0.1)
        }
        return try builder.finish(loss: loss)
    }

    /// Allocations of `steps` steps on one thread, after some that don't count.
    private func allocations(_ program: Program, steps: Int, lanes: Int) throws -> Int {
        let executor = try LaneExecutor(
            program: program, options: ExecutorOptions(replicas: 2, lanes: lanes, infeedCapacity: 64))
        func feed(_ count: Int) throws {
            for step in 0..<count {
                try executor.feed(DenseProgram.inputs(of: program, replicas: 2, seed: UInt64(step)))
            }
        }
        try feed(4)
        _ = try executor.run(iterations: 4)
        try feed(steps)
        tpud_count_allocations()
        let result = try executor.run(iterations: steps)
        let count = tpud_counted_allocations()
        try #require(result.stepsRun == steps)
        return count
    }

    @Test func theCounterCounts() {
        guard tpud_allocations_are_counted() else { return }
        tpud_count_allocations()
        let array = [Int](repeating: 1, count: Int.random(in: 100...200))
        #expect(tpud_counted_allocations() >= 1)
        #expect(array.count >= 100)
    }

    @Test(arguments: [1, 2, 4])
    func aStepWithoutProductsAllocatesNothing(lanes: Int) throws {
        guard tpud_allocations_are_counted() else { return }
        let program = try Self.program(products: false)
        let few = try allocations(program, steps: 4, lanes: lanes)
        let many = try allocations(program, steps: 54, lanes: lanes)
        #expect(many == few)
    }

    @Test func aStepsProductsAllocateWhatOneDNNDoes() throws {
        guard tpud_allocations_are_counted() else { return }
        let program = try Self.program(products: true)
        let few = try allocations(program, steps: 4, lanes: 1)
        let many = try allocations(program, steps: 54, lanes: 1)
        let x = UnsafeMutablePointer<Float>.allocate(capacity: 3 * 128 * 24)
        defer { x.deallocate() }
        x.initialize(repeating: 0.5, count: 3 * 128 * 24)
        MatrixProduct.useCallingThreadOnly()
        func products() throws {
            func multiply(_ left: Bool, _ right: Bool, _ m: Int, _ n: Int, _ k: Int) throws {
                try MatrixProduct(transposeLHS: left, transposeRHS: right)
                    .multiply(x, x + 128 * 24, into: x + 2 * 128 * 24, m: m, n: n, k: k)
            }
            try multiply(false, false, 128, 16, 24)
            try multiply(false, false, 128, 4, 16)
            try multiply(true, false, 16, 4, 128)
            try multiply(false, true, 128, 16, 4)
            try multiply(true, false, 24, 16, 128)
        }
        try products()
        tpud_count_allocations()
        for _ in 0..<50 { try products() }
        #expect(many - few <= tpud_counted_allocations())
    }
}
