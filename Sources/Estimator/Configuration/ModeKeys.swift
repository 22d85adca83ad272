/// What an estimator is doing (TensorFlow: `tf.estimator.ModeKeys`).
public enum ModeKeys: String, Sendable, Hashable, CaseIterable {
    /// Training (`ModeKeys.TRAIN`).
    case train

    /// Evaluation (`ModeKeys.EVAL`).
    case evaluate = "eval"

    /// Prediction (`ModeKeys.PREDICT`).
    case predict = "infer"
}
