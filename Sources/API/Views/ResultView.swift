package import Formats
package import Jobs
import OrderedCollections

/// What came of a job (`result`).
package struct ResultView: WireValue, Hashable {
    /// The step that it stopped at.
    package var globalStep: Int
    /// Core 0's loss of the last step; nil when it did not train, or is not finite.
    package var loss: Double?
    /// The last evaluation's numbers by name, `global_step` among them; nil when there was none.
    package var evaluation: JSON?
    /// Why its evaluations ended its training before the last step: a sentence; nil when they did not.
    package var stoppedEarly: String?
    /// The file of its predictions; nil where it did not predict.
    package var predictions: CheckpointFile?

    /// The last evaluation's metrics by name, in its order; a value is nil when it is not finite.
    package var metrics: [(name: String, value: Double?)] {
        (evaluation?.object ?? [:]).filter { $0.key != "global_step" }.map { ($0.key, $0.value.double) }
    }

    /// Makes a result; what is not given is nil.
    package init(
        globalStep: Int, loss: Double? = nil, evaluation: JSON? = nil, stoppedEarly: String? = nil,
        predictions: CheckpointFile? = nil
    ) {
        self.predictions = predictions
        self.stoppedEarly = stoppedEarly
        self.globalStep = globalStep
        self.loss = loss
        self.evaluation = evaluation
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            globalStep: try wire.required("global_step").int(), loss: try wire.optional("loss")?.double(),
            evaluation: try wire.optional("evaluation")?.json,
            stoppedEarly: try wire.optional("message")?.string(),
            predictions: try wire.optional("predictions").map { file throws(APIError) in try CheckpointFile(wire: file)
            })
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "global_step": JSON(globalStep), "loss": .optional(loss) { JSON($0) },
            "evaluation": .optional(evaluation) { $0 }, "stopped_early": JSON(stoppedEarly != nil),
            "message": .optional(stoppedEarly) { .string($0) },
            "predictions": .optional(predictions) { $0.wire },
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        let evaluation: JSON = ["type": ["object", "null"], "additionalProperties": Schema.nullable(Schema.number)]
        return Schema.object([
            "global_step": Schema.integer(0...).means("The step that it stopped at"),
            "loss": Schema.nullable(Schema.number).means(
                "Core 0's loss of the last step; null where it did not train, or the loss is not finite"),
            "evaluation": evaluation.means(
                "The last evaluation by metric, global_step among them; null where there was none"),
            "stopped_early": Schema.boolean.means(
                "Whether its evaluations ended its training before the last step (early_stopping)"),
            "predictions": Schema.nullable(CheckpointFile.schema).means(
                "The file that GET /v1/jobs/{id}/predictions gives; null where it did not predict"),
            "message": Schema.nullable(Schema.string).means("Why they did; null where they did not"),
        ])
    }
}
