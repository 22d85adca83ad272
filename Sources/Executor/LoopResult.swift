/// What a run of several steps came to.
package struct LoopResult: Sendable, Equatable {
    /// The first value that is infinite or NaN.
    package struct NotFinite: Sendable, Hashable {
        /// The step, counted from 0 within this run.
        package var step: Int
        /// The first variable, in order of assignment, that the step stored it to; nil when only core 0's loss is not
        /// finite.
        package var variable: String?

        /// A place of a non-finite value.
        package init(step: Int, variable: String?) {
            self.step = step
            self.variable = variable
        }
    }

    /// Steps that ran to their end.
    package var stepsRun: Int
    /// Core 0's loss in the last of them; nil when none ran or the program has no loss.
    package var lossOfCoreZero: Double?
    /// Set when a step gave a non-finite loss on core 0 or stored a non-finite element to a variable. That step is
    /// counted in `stepsRun`, its assignments hold, and the run ended with it.
    package var notFinite: NotFinite?
    /// Time in which the device waited for input.
    package var infeedWaitNanoseconds: UInt64
    /// True when the input ended or `requestStop` was heard before all steps ran.
    package var endedEarly: Bool

    /// The result of a run.
    package init(
        stepsRun: Int = 0, lossOfCoreZero: Double? = nil, notFinite: NotFinite? = nil,
        infeedWaitNanoseconds: UInt64 = 0, endedEarly: Bool = false
    ) {
        self.stepsRun = stepsRun
        self.lossOfCoreZero = lossOfCoreZero
        self.notFinite = notFinite
        self.infeedWaitNanoseconds = infeedWaitNanoseconds
        self.endedEarly = endedEarly
    }
}
