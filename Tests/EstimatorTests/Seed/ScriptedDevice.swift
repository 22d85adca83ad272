import Estimator
import Formats
import Synchronization

/// A device that advances the global step as a case says: in loop k by the k-th given number, else by the iterations
/// that were loaded, and never backwards of its own accord.
final class ScriptedDevice: Sendable {
    struct Loop: Sendable {
        let iterations: Int64
        let globalStepAfter: Int64
    }

    let startGlobalStep: Int64
    private let advances: [Int]
    private let done = Mutex<[Loop]>([])

    init(_ input: JSON) throws {
        startGlobalStep = Int64(try input.wholeNumber("start_global_step"))
        advances = input["device_advances"] == nil ? [] : try input.ints("device_advances")
    }

    /// What every loop did so far.
    var loops: [Loop] { done.withLock { $0 } }

    /// Runs one loop.
    @Sendable func train(_ variables: SessionVariables) throws {
        let iterations = try variables.value(of: .iterationsPerLoop)
        let number = loops.count
        let advance = advances.indices.contains(number) ? Int64(advances[number]) : max(iterations, 0)
        let step = try variables.add(advance, to: .globalStep)
        done.withLock { $0.append(Loop(iterations: iterations, globalStepAfter: step)) }
    }
}
