package import Formats
package import Jobs

/// How far a job is (`progress`). A number that is not finite is null.
package struct ProgressView: WireValue, Hashable {
    /// Steps done since the first record, over all attempts.
    package var globalStep: Int
    /// The step to stop at; nil when there is none.
    package var targetStep: Int?
    /// Core 0's loss of the last step.
    package var loss: Double?
    /// Steps in a second, lately.
    package var stepsPerSecond: Double?
    /// Examples in a second, lately.
    package var examplesPerSecond: Double?
    /// The part of the time that the device waited for input, 0 to 1.
    package var infeedWaitFraction: Double?
    /// Seconds to the target at that speed.
    package var etaSeconds: Double?

    /// Makes a progress; what is not given is nil.
    package init(
        globalStep: Int, targetStep: Int? = nil, loss: Double? = nil, stepsPerSecond: Double? = nil,
        examplesPerSecond: Double? = nil, infeedWaitFraction: Double? = nil, etaSeconds: Double? = nil
    ) {
        self.globalStep = globalStep
        self.targetStep = targetStep
        self.loss = loss
        self.stepsPerSecond = stepsPerSecond
        self.examplesPerSecond = examplesPerSecond
        self.infeedWaitFraction = infeedWaitFraction
        self.etaSeconds = etaSeconds
    }

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

    /// The JSON form.
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
            "global_step": Schema.integer, "target_step": Schema.nullable(Schema.integer), "loss": number,
            "steps_per_second": number, "examples_per_second": number, "infeed_wait_fraction": number,
            "eta_seconds": number,
        ])
    }
}

/// What came of a job (`result`).
package struct ResultView: WireValue, Hashable {
    /// The step that it stopped at.
    package var globalStep: Int
    /// Core 0's loss of the last step; nil when it did not train, or is not finite.
    package var loss: Double?
    /// The last evaluation's numbers by name, `global_step` among them; nil when there was none.
    package var evaluation: JSON?

    /// Makes a result; what is not given is nil.
    package init(globalStep: Int, loss: Double? = nil, evaluation: JSON? = nil) {
        self.globalStep = globalStep
        self.loss = loss
        self.evaluation = evaluation
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            globalStep: try wire.required("global_step").int(), loss: try wire.optional("loss")?.double(),
            evaluation: try wire.optional("evaluation")?.json)
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "global_step": JSON(globalStep), "loss": .optional(loss) { JSON($0) },
            "evaluation": .optional(evaluation) { $0 },
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "global_step": Schema.integer, "loss": Schema.nullable(Schema.number),
            "evaluation": ["type": ["object", "null"], "additionalProperties": Schema.nullable(Schema.number)],
        ])
    }
}

extension JobFailure: WireValue {
    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            code: try wire.required("code").string(), message: try wire.required("message").string(),
            step: try wire.optional("step")?.int(), variable: try wire.optional("variable")?.string())
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "code": .string(code), "message": .string(message), "step": .optional(step) { JSON($0) },
            "variable": .optional(variable, JSON.string),
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "code": Schema.string, "message": Schema.string, "step": Schema.nullable(Schema.integer),
            "variable": Schema.nullable(Schema.string),
        ])
    }
}
