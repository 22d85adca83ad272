import Estimator
import Formats
import Graph
import Testing

/// A variable's constraint acts on what is stored at a step's end, whatever optimizers around the update change of it.
@Suite struct ConstrainedUpdateTests {
    static let optimizers: [(name: String, make: @Sendable (any Optimizer) -> any Optimizer)] = [
        ("plain", { $0 }),
        ("clipped", { ClippedOptimizer($0, to: .globalNorm(1)) }),
        ("decaying", { WeightDecayOptimizer($0, weightDecay: 0.1, learningRate: 1) }),
        ("averaged", { AveragedOptimizer($0, momentum: 0.5, overwriteFrequency: 1) }),
        ("averaged at the end", { AveragedOptimizer($0, momentum: 0.5, lastStep: 5) }),
        ("accumulating", { AccumulatingOptimizer($0, steps: 2) }),
        (
            "all",
            {
                AveragedOptimizer(
                    AccumulatingOptimizer(
                        ClippedOptimizer(WeightDecayOptimizer($0, weightDecay: 0.1, learningRate: 1), to: .norm(2)),
                        steps: 2), momentum: 0.5, overwriteFrequency: 1, stepsPerUpdate: 2)
            }
        ),
    ]

    private func values(
        _ optimizer: any Optimizer, steps: Int, _ constraint: (@Sendable (Tensor) -> Tensor)?
    ) throws -> [[Float]] {
        let builder = GraphBuilder()
        let initial = Literal(type: TensorType(.float32, [3]), doubles: [1, -2, 0.5])
        let w = builder.variable("w", shape: [3], initializer: .literal(initial), constraint: constraint)
        _ = try optimizer.minimize((w.value * builder.constant([1, -0.25, 0.25], shape: [3])).reduceSum())
        let run = try ProgramRun(try builder.finish(), on: .reference)
        return try (0..<steps).map { _ in
            try run.step([])
            return try run.variable("w")
        }
    }

    @Test(arguments: optimizers.indices) func holds(_ index: Int) throws {
        let (name, make) = Self.optimizers[index]
        for inner in [GradientDescentOptimizer(learningRate: 1), KerasAdam(learningRate: 1)] as [any Optimizer] {
            let free = try values(make(inner), steps: 6, nil)
            let held = try values(make(inner), steps: 6) { $0.maximum(0) }
            #expect(free.joined().contains { $0 < 0 }, "\(name): nothing to constrain")
            #expect(held.joined().allSatisfy { $0 >= 0 }, "\(name): \(held)")
            #expect(held.joined().contains { $0 > 0 }, "\(name): \(held)")
        }
    }

    /// Keras constrains after all else: an average is of what the update gave, and what becomes of it is constrained.
    @Test func averagesAreOfWhatIsNotConstrainedYet() throws {
        let optimizer = AveragedOptimizer(
            GradientDescentOptimizer(learningRate: 1), momentum: 0.5, overwriteFrequency: 2)
        let held = try values(optimizer, steps: 4) { $0.maximum(0) }
        var (w, average) = (0.5, 0.0)
        for step in 0..<4 {
            let updated = w - 0.25
            average = step == 0 ? updated : 0.5 * average + 0.5 * updated
            w = max(0, step % 2 == 1 ? average : updated)
            #expect(abs(Double(held[step][2]) - w) < 1e-6, "step \(step)")
        }
    }

    /// Keras constrains in every step, with and without an update.
    @Test func constrainsInStepsWithoutUpdate() throws {
        let optimizer = AccumulatingOptimizer(GradientDescentOptimizer(learningRate: 1), steps: 2)
        #expect(try values(optimizer, steps: 1) { $0.maximum(0) } == [[1, 0, 0.5]])
    }
}
