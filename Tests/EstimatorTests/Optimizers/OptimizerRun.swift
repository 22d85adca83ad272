import Estimator
import Executor
import Formats
import Graph
import Testing

/// A variable of three numbers under an optimizer that is given gradients step by step.
struct OptimizerRun {
    static let initial: [Float] = [1, -2, 0.5]
    static let gradients: [[Float]] = [
        [0.1, -0.2, 3], [0, 0, 0], [-5, 0.4, 0.1], [0.3, 0.3, -0.3], [1, 2, -1],
    ]

    /// The variable after each step.
    let values: [[Float]]
    /// Names of the optimizer's own variables.
    let slots: [String]
    /// What ran it.
    let program: ProgramRun

    init(_ optimizer: any Optimizer) throws {
        let builder = GraphBuilder()
        let variable = try builder.variable("dense/kernel", NDArray(Self.initial))
        let gradient = builder.infeed(variable.type)
        let target = (variable.value * gradient).reduceSum()
        slots = try optimizer.minimize(target).slots
        let run = try ProgramRun(try builder.finish(loss: target), on: .reference)
        values = try Self.gradients.map { gradient in
            _ = try run.step([NDArray(gradient)])
            return try run.variable("dense/kernel")
        }
        program = run
    }

    /// Expects what the closure says the variable changes by, in doubles, from three numbers of state.
    func check(_ update: (_ step: Int, _ g: Double, inout [Double]) -> Double) {
        for index in Self.initial.indices {
            var w = Double(Self.initial[index])
            var state = [0.0, 0, 0]
            for step in Self.gradients.indices {
                w += update(step, Double(Self.gradients[step][index]), &state)
                #expect(abs(Double(values[step][index]) - w) < 1e-5, "step \(step) element \(index)")
            }
        }
    }
}
