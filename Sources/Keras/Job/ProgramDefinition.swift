import Datasets
package import Estimator
package import Formats
package import OrderedCollections

/// The training part of a job that a program does: what the job says of cores, batches, steps, checkpoints and data. What is computed,
/// the program alone knows.
package struct ProgramDefinition: Sendable {
    /// The field of a job that names the program.
    package static let field = "program"

    /// What the operator calls the program.
    package let name: String
    /// What the job is asked to do.
    package let mode: JobDefinition.Mode
    /// Whether simulated cores are used. Default true.
    package let useTPU: Bool
    /// The global batch size of training; nil where the job doesn't train.
    package let trainBatchSize: Int?
    /// The global batch size of evaluation; nil: evaluation runs on the CPU, in batches of its input's size.
    package let evalBatchSize: Int?
    /// Rows of a batch of prediction; nil: as many as its input has.
    package let predictBatchSize: Int?
    /// The run configuration, without a model directory.
    package let config: RunConfig
    /// The user's parameters.
    package let params: ModelParameters
    /// The training; nil where the job doesn't train.
    package let training: Training?
    /// The evaluation; nil where the job doesn't evaluate.
    package let evaluation: Evaluation?
    /// The data to predict for; nil where the job gives none.
    let prediction: InputDefinition?
    /// Where initial variables come from; nil: from the program.
    let start: WarmStart.Place?
    /// Every training field with its default filled in, in the contract's order.
    package let canonical: OrderedDictionary<String, JSON>

    /// The `train` section.
    package struct Training: Sendable {
        /// How many steps more; at most one of both is given.
        package let steps: Int?
        /// The global step to stop at.
        package let maxSteps: Int?
        /// The data; nil where the program brings its own.
        let input: InputDefinition?
    }

    /// The `evaluate` section.
    package struct Evaluation: Sendable {
        /// Batches of one evaluation; nil, on the CPU: to the end of the input.
        package let steps: Int?
        /// An evaluation at each multiple; nil: only at the end.
        package let everySteps: Int?
        /// The data; nil where the program brings its own.
        let input: InputDefinition?
    }

    /// Cores that the job holds; 0 without a TPU.
    package var numShards: Int { useTPU ? config.tpuConfig.numShards : 0 }

    /// The global step before the job's first one.
    package var firstStep: Int { start?.firstStep ?? 0 }

    /// Whether a job names a program.
    package static func isOne(_ spec: JSON) -> Bool { spec[field].map { !$0.isNull } ?? false }

    /// Cores that share a batch of prediction; 1: the CPU predicts.
    package var predictionShards: Int { useTPU && predictBatchSize != nil ? config.tpuConfig.numShards : 1 }

    /// What a dry run tells: the program alone knows what it computes.
    package var plan: JSON {
        [
            "parameters": nil, "variables": [],
            "steps": .optional(training.flatMap { $0.maxSteps.map { $0 - firstStep } ?? $0.steps }) { JSON($0) },
            "flops_per_step": nil, "peak_bytes": nil, "recompute": false,
            "summary": JSON("The program \(name.quotedForMessage): its model is known once it runs.\n"),
        ]
    }
}
