package import Formats

extension JobProgress {
    /// The JSON form, every member present; a number that is not finite is null.
    package var json: JSON {
        [
            "global_step": JSON(globalStep), "target_step": .optional(targetStep) { JSON($0) },
            "loss": .optional(loss) { JSON($0) }, "steps_per_second": .optional(stepsPerSecond) { JSON($0) },
            "examples_per_second": .optional(examplesPerSecond) { JSON($0) },
            "infeed_wait_fraction": .optional(infeedWaitFraction) { JSON($0) },
            "eta_seconds": .optional(etaSeconds) { JSON($0) },
        ]
    }

    /// Reads the JSON form.
    package init<Members: JSONMembers>(members: inout Members) throws(Members.Failure) {
        self.init(
            globalStep: try members.count("global_step"), targetStep: try members.optionalCount("target_step"),
            loss: try members.optionalDouble("loss"), stepsPerSecond: try members.optionalAmount("steps_per_second"),
            examplesPerSecond: try members.optionalAmount("examples_per_second"),
            infeedWaitFraction: try members.optionalFraction("infeed_wait_fraction"),
            etaSeconds: try members.optionalAmount("eta_seconds"))
    }
}
