package import Formats
package import Jobs

extension JobProgress: WireValue {
    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            globalStep: try wire.required("global_step").int(), targetStep: try wire.optional("target_step")?.int(),
            loss: try wire.optional("loss")?.double(),
            stepsPerSecond: try wire.optional("steps_per_second")?.double(),
            examplesPerSecond: try wire.optional("examples_per_second")?.double(),
            infeedWaitFraction: try wire.optional("infeed_wait_fraction")?.double(),
            etaSeconds: try wire.optional("eta_seconds")?.double())
    }

    /// The JSON form; a number that is not finite is null.
    package var wire: JSON {
        [
            "global_step": JSON(globalStep), "target_step": .optional(targetStep) { JSON($0) },
            "loss": .optional(loss) { JSON($0) }, "steps_per_second": .optional(stepsPerSecond) { JSON($0) },
            "examples_per_second": .optional(examplesPerSecond) { JSON($0) },
            "infeed_wait_fraction": .optional(infeedWaitFraction) { JSON($0) },
            "eta_seconds": .optional(etaSeconds) { JSON($0) },
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        let number = Schema.nullable(Schema.number)
        return Schema.object([
            "global_step": Schema.integer.means("Steps that were trained"),
            "target_step": Schema.nullable(Schema.integer).means(
                "The step that it trains to; null where it does not train"),
            "loss": number.means(
                "Core 0's loss of the last step that was reported; null where there is none or it is not finite"),
            "steps_per_second": number.means(
                "Smoothed over 30 s, evaluations and checkpoints included; null once it has ended"),
            "examples_per_second": number.means("The same in rows of the global batch"),
            "infeed_wait_fraction": number.means("The part of the time that the device waited for input, 0 to 1"),
            "eta_seconds": number.means("Seconds to the target step at this speed; null once it has ended"),
        ])
    }
}
