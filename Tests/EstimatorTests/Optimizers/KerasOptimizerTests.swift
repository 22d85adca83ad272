import Estimator
import Executor
import Formats
import Glibc
import Graph
import Testing

/// Keras' formulas, written out again in doubles.
@Suite struct KerasOptimizerTests {
    private let initial: [Float] = [1, -2, 0.5]
    private let gradients: [[Float]] = [
        [0.1, -0.2, 3], [0, 0, 0], [-5, 0.4, 0.1], [0.3, 0.3, -0.3], [1, 2, -1],
    ]

    /// Variables after each step of an optimizer that is given the gradients above.
    private func run(_ optimizer: any Optimizer) throws -> (values: [[Float]], slots: [String], run: ProgramRun) {
        let builder = GraphBuilder()
        let variable = try builder.variable("dense/kernel", NDArray(initial))
        let gradient = builder.infeed(variable.type)
        let target = (variable.value * gradient).reduceSum()
        let operation = try optimizer.minimize(target)
        let run = try ProgramRun(try builder.finish(loss: target), on: .reference)
        let values = try gradients.map { gradient in
            _ = try run.step([NDArray(gradient)])
            return try run.variable("dense/kernel")
        }
        return (values, operation.slots, run)
    }

    private func check(_ values: [[Float]], _ update: (_ step: Int, _ g: Double, inout [Double]) -> Double) {
        for place in initial.indices {
            var w = Double(initial[place])
            var state = [0.0, 0, 0]
            for step in gradients.indices {
                w += update(step, Double(gradients[step][place]), &state)
                #expect(abs(Double(values[step][place]) - w) < 1e-5, "step \(step) element \(place)")
            }
        }
    }

    @Test func sgd() throws {
        let plain = try run(KerasSGD(learningRate: 0.1))
        #expect(plain.slots.isEmpty)
        check(plain.values) { -0.1 * $1 + 0 * Double($0) + 0 * $2[0] }

        let momentum = try run(KerasSGD(learningRate: 0.1, momentum: 0.9))
        #expect(momentum.slots == ["dense/kernel/momentum"])
        check(momentum.values) { _, g, state in
            state[0] = 0.9 * state[0] - 0.1 * g
            return state[0]
        }
        check(try run(KerasSGD(learningRate: 0.1, momentum: 0.9, nesterov: true)).values) { _, g, state in
            state[0] = 0.9 * state[0] - 0.1 * g
            return 0.9 * state[0] - 0.1 * g
        }
    }

    /// A changing rate acts at once on new gradients, not on old ones, and sees the number of steps done.
    @Test func schedule() throws {
        let rate = LearningRate { stepsDone in 0.1 / (stepsDone + 1) }
        let (values, _, run) = try run(KerasSGD(learningRate: rate, momentum: 0.5))
        check(values) { step, g, state in
            state[0] = 0.5 * state[0] - 0.1 / Double(step + 1) * g
            return state[0]
        }
        #expect(try run.executor.read(variable: GlobalStep.name).first == 5)
    }

    @Test(arguments: [false, true]) func adam(amsgrad: Bool) throws {
        let (values, slots, _) = try run(KerasAdam(learningRate: 0.05, epsilon: 1e-3, amsgrad: amsgrad))
        let names = ["dense/kernel/m", "dense/kernel/v"] + (amsgrad ? ["dense/kernel/vhat"] : [])
        #expect(slots == names)
        check(values) { step, g, state in
            let t = Double(step + 1)
            state[0] += (g - state[0]) * 0.1
            state[1] += (g * g - state[1]) * 0.001
            state[2] = max(state[2], state[1])
            let v = amsgrad ? state[2] : state[1]
            return -0.05 * sqrt(1 - pow(0.999, t)) / (1 - pow(0.9, t)) * state[0] / (sqrt(v) + 1e-3)
        }
    }

    /// Without a surrounding shard context there is one shard; the sum is in the graph all the same.
    @Test func crossShard() throws {
        func program(_ reduction: CrossShardOptimizer.Reduction, shards: Int?) throws -> Program {
            let builder = GraphBuilder()
            let variable = try builder.variable("w", NDArray(initial))
            let loss = variable.value.square().reduceSum()
            let optimizer = CrossShardOptimizer(GradientDescentOptimizer(learningRate: 1), reduction: reduction)
            _ = try ShardContext.$numberOfShards.withValue(shards) { try optimizer.minimize(loss) }
            return try builder.finish(loss: loss)
        }
        for shards in [nil, 1, 4] {
            for reduction in [CrossShardOptimizer.Reduction.mean, .sum] {
                let program = try program(reduction, shards: shards)
                #expect(program.contains(.crossReplicaSum))
                // w − lr · Σ 2w (/ shards): four cores' sum is 8w, their mean 2w.
                let run = try ProgramRun(program, on: .reference, replicas: shards ?? 1)
                #expect(try #require(run.step([]).loss) == 5.25)
                let factor: Float = reduction == .sum && shards == 4 ? -7 : -1
                #expect(try run.variable("w") == initial.map { $0 * factor })
            }
        }
    }
}
