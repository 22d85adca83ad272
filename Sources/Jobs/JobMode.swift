/// What a job is asked to do (`mode`).
package enum JobMode: String, CaseIterable, Hashable, Sendable {
    /// Training alone.
    case train
    /// Evaluate a checkpoint.
    case evaluate
    /// Predict with a checkpoint.
    case predict
    /// Train, with evaluations between and at the end.
    case trainAndEvaluate = "train_and_evaluate"

    /// Whether it trains, and so writes checkpoints.
    package var trains: Bool {
        switch self {
        case .train, .trainAndEvaluate: true
        case .evaluate, .predict: false
        }
    }
}
