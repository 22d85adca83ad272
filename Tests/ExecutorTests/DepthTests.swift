import CAllocations
import Executor
import Graph
import Testing

/// What a deep network costs to build, optimize and plan: twice as many layers, twice the work. Counted in bytes taken
/// from the heap, where a copy of a list for each of its elements shows; times are printed, never judged.
struct DepthTests {
    /// Dense layers of four units in a row, gradients of all and momentum.
    private static func program(layers: Int) throws -> Program {
        let builder = GraphBuilder()
        var x = builder.infeed(TensorType(.float32, [8, 4]))
        for layer in 0..<layers {
            x = builder.withScope("dense_\(layer)") {
                let kernel = builder.variable("kernel", shape: [4, 4])
                let bias = builder.variable("bias", shape: [4], initializer: .zeros)
                return (x.matmul(kernel.value) + bias.value).relu()
            }
        }
        let loss = x.square().reduceMean()
        let variables = builder.trainableVariables
        for (variable, gradient) in zip(variables, builder.gradients(of: loss, withRespectTo: variables)) {
            let slot = builder.variable(
                "\(variable.name)/Momentum", shape: variable.shape, initializer: .zeros, isTrainable: false)
            variable.assignSubtract(slot.assign(slot.value * 0.9 + gradient.crossReplicaSum()) * 0.1)
        }
        return try builder.finish(loss: loss)
    }

    private static func bytes(_ work: () throws -> Void) rethrows -> Int {
        tpud_count_allocations()
        defer { _ = tpud_counted_allocations() }
        try work()
        return tpud_counted_bytes()
    }

    /// Bytes of each part of the work for so many layers.
    private static func cost(layers: Int) throws -> [(part: String, bytes: Int)] {
        var program = Program()
        var costs: [(part: String, bytes: Int)] = []
        let clock = ContinuousClock()
        func note(_ part: String, _ work: () throws -> Void) rethrows {
            let time = try clock.measure { costs.append((part, try bytes(work))) }
            print("\(layers) layers, \(part): \(time)")
        }
        try note("building") { program = try DepthTests.program(layers: layers) }
        try note("passes") { program = try Passes.optimize(program) }
        note("cost") { #expect(Cost(program, replicas: 8).flops > 0) }
        try note("planning") {
            _ = try LaneExecutor(program: program, options: ExecutorOptions(replicas: 8))
        }
        return costs
    }

    @Test func workGrowsWithTheLayers() throws {
        guard tpud_allocations_are_counted() else { return }
        let single = try DepthTests.cost(layers: 150)
        let double = try DepthTests.cost(layers: 300)
        for (a, b) in zip(single, double) {
            // Lists double their room, so that a step in their growth may fall between the two.
            #expect(b.bytes < 3 * a.bytes, "\(a.part): \(a.bytes) bytes for 150 layers, \(b.bytes) for 300")
        }
    }

    @Test func aThousandLayersAreBuilt() throws {
        guard tpud_allocations_are_counted() else { return }
        #expect(try DepthTests.cost(layers: 1_000).count == 4)
    }
}
