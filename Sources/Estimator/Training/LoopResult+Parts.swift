import Executor

extension LoopResult {
    /// Adds a run behind this one.
    mutating func add(_ part: LoopResult) {
        notFinite = part.notFinite.map { NotFinite(step: stepsRun + $0.step, variable: $0.variable) }
        stepsRun += part.stepsRun
        lossOfCoreZero = part.lossOfCoreZero ?? lossOfCoreZero
        infeedWaitNanoseconds += part.infeedWaitNanoseconds
        endedEarly = part.endedEarly
    }

    /// This run and one step behind it, of so many that were asked for.
    func followed(by last: LoopResult, of iterations: Int) -> LoopResult {
        var joined = last
        joined.stepsRun += stepsRun
        joined.notFinite?.step += stepsRun
        joined.infeedWaitNanoseconds = infeedWaitNanoseconds
        joined.endedEarly = joined.stepsRun < iterations
        return joined
    }
}
