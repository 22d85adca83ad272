/// What a call of an input function returns (TensorFlow: `features`, or the pair `(features, labels)`).
public struct InputResult: Sendable {
    /// The features.
    package let features: Structure<InputTensor>
    /// The labels; nil: there are none.
    package let labels: Structure<InputTensor>?
    /// Threads that fill queues of their own.
    package var queueRunners = 0
    /// Summaries that the input writes by itself.
    package var summaries = 0

    /// Features, and labels where there are some.
    public init(features: Structure<InputTensor>, labels: Structure<InputTensor>? = nil) {
        self.features = features
        self.labels = labels
    }

    /// A tuple as Python writes it: features, and labels or nil (rule R5).
    ///
    /// - Throws: `EstimatorError.inputTupleCount` for other than two members.
    public init(tuple: [Structure<InputTensor>?]) throws(EstimatorError) {
        guard tuple.count == 2, let features = tuple[0] else { throw .inputTupleCount(tuple.count) }
        self.init(features: features, labels: tuple[1])
    }

    /// The same from an input that fills queues by threads of its own, or writes summaries: what an estimator on the TPU warns
    /// of (rule G1).
    public func having(queueRunners: Int = 0, summaries: Int = 0) -> InputResult {
        var copy = self
        copy.queueRunners = queueRunners
        copy.summaries = summaries
        return copy
    }
}
