import Executor
import Graph

/// Stops a training at a step, and loads before each run how many steps the device is to make
/// (TensorFlow: `_TPUStopAtStepHook`).
package final class StopAtStepHook: SessionHook {
    /// Steps of one device loop, at most. Nothing checks it.
    package let iterationsPerLoop: Int

    /// Steps to make after those that the model already has; nil: `lastStep` was given.
    package let numSteps: Int?

    /// The global step at which training stops; nil: it is not known before the first session.
    package private(set) var lastStep: Int?

    /// Where loops end: one that begins in the middle of a loop ends where that one would have. Nil, the default and the
    /// source's way: every loop makes all its iterations.
    package var grid: LoopGrid?

    /// How many steps a loop makes that is to take a time; nil, the default: the grid alone counts.
    package var pace: LoopPace?

    /// The time in nanoseconds. Default: the monotonic clock's.
    package var now: () -> UInt64 = MonotonicClock.nanoseconds

    /// When the loop that is on began, and at which step.
    private var began: (time: UInt64, step: Int)?

    private var variables: (globalStep: HostVariable, iterations: HostVariable)?

    /// A hook that stops after a number of steps or at a step.
    ///
    /// - Throws: `EstimatorError.noStepLimit` if neither is given, `.twoStepLimits` if both are.
    package init(iterationsPerLoop: Int, numSteps: Int? = nil, lastStep: Int? = nil) throws(EstimatorError) {
        if numSteps == nil, lastStep == nil { throw .noStepLimit }
        if numSteps != nil, lastStep != nil { throw .twoStepLimits }
        self.iterationsPerLoop = iterationsPerLoop
        self.numSteps = numSteps
        self.lastStep = lastStep
    }

    /// Looks up the global step and gets or creates the iterations variable.
    ///
    /// - Throws: `EstimatorError.globalStepMissing`, `.iterationsVariableAmbiguous`.
    package func begin(_ scope: VariableScope) throws {
        guard let globalStep = scope.globalStep else { throw EstimatorError.globalStepMissing }
        variables = (globalStep, try scope.iterationsVariable())
    }

    /// Fixes the last step, unless a session before did, and loads the iterations of the first run.
    ///
    /// - Throws: `EstimatorError.globalStepMissing` if `begin` was not called, `.variableNotLoaded`.
    package func sessionCreated(_ session: any Session) throws {
        let globalStep = try readGlobalStep(session)
        let last = lastStep ?? globalStep.adding(saturating: numSteps ?? 0)
        lastStep = last
        try load(last, globalStep, session)
    }

    /// Notes when the loop begins.
    ///
    /// - Throws: `EstimatorError.globalStepMissing` if `begin` was not called, `.variableNotLoaded`.
    package func beforeRun(_ context: SessionRunContext) throws -> [SessionOperation] {
        guard pace != nil, let variables else { return [] }
        began = (now(), Int(try context.session.variables.value(of: variables.globalStep)))
        return []
    }

    /// Asks to stop when the last step is reached or passed, otherwise loads the iterations of the next run. The
    /// global step is read by a run of its own: together with the device loop it would race.
    ///
    /// - Throws: `EstimatorError.globalStepMissing` if `begin` was not called, `.variableNotLoaded`.
    package func afterRun(_ context: SessionRunContext, values: [SessionValue]) throws {
        let globalStep = try readGlobalStep(context.session)
        if let began { pace?.add(steps: globalStep - began.step, nanoseconds: now() - began.time) }
        guard let lastStep, globalStep < lastStep else {
            context.requestStop()
            return
        }
        try load(lastStep, globalStep, context.session)
    }

    private func readGlobalStep(_ session: any Session) throws -> Int {
        guard let variables else { throw EstimatorError.globalStepMissing }
        return Int(try session.variables.read(variables.globalStep))
    }

    /// The number is not clamped from below: at or past the last step, zero or a negative number is loaded.
    private func load(_ lastStep: Int, _ globalStep: Int, _ session: any Session) throws {
        guard let variables else { throw EstimatorError.globalStepMissing }
        let left = lastStep.subtracting(saturating: globalStep)
        let loop = min(grid?.stepsToBoundary(after: globalStep) ?? iterationsPerLoop, pace?.iterations ?? .max)
        session.variables.load(Int64(min(left, loop)), into: variables.iterations)
    }
}
