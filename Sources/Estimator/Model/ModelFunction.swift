public import Graph
public import OrderedCollections

/// Builds one core's computation on one core's batch. It is called once for each program that is built (training,
/// evaluation, another batch size), never for each step, and must build the same for the same arguments.
///
/// Arguments: features; labels, nil when the input has none; the mode; `params` with the core's batch size in
/// `batchSize`; the builder to build with.
public typealias ModelFunction =
    @Sendable (
        _ features: TensorStructure, _ labels: TensorStructure?, _ mode: ModeKeys, _ params: ModelParameters,
        _ builder: GraphBuilder
    ) throws -> TPUEstimatorSpec

/// What a model function returns (TensorFlow: `TPUEstimatorSpec`, rules S1–S3).
public struct TPUEstimatorSpec {
    /// The mode that it was built for.
    package var mode: ModeKeys
    /// The scalar loss of one core's batch; needed to train and to evaluate.
    package var loss: Tensor?
    /// What `minimize` of an optimizer returned; needed to train.
    package var trainOp: TrainOperation?
    /// What evaluation computes besides the loss.
    package var evalMetrics: EvalMetrics?
    /// What prediction hands out, by name; every tensor batch-major.
    package var predictions: OrderedDictionary<String, Tensor>

    /// A spec; all but the mode defaults to nothing.
    public init(
        mode: ModeKeys, loss: Tensor? = nil, trainOp: TrainOperation? = nil, evalMetrics: EvalMetrics? = nil,
        predictions: OrderedDictionary<String, Tensor> = [:]
    ) {
        self.mode = mode
        self.loss = loss
        self.trainOp = trainOp
        self.evalMetrics = evalMetrics
        self.predictions = predictions
    }
}

/// The tensors that evaluation sends through the outfeed and the metrics that are made of them on the host
/// (TensorFlow: the pair `(metric_fn, tensors)`, rules M1–M8).
public struct EvalMetrics {
    /// Tensors by name; each batch-major, never a scalar. What the cores send is concatenated in core order.
    package var tensors: OrderedDictionary<String, Tensor>
    /// The metrics, each of which names the tensors that it reads.
    package var metrics: [Metric]

    /// Metrics over tensors.
    public init(tensors: OrderedDictionary<String, Tensor>, metrics: [Metric]) {
        self.tensors = tensors
        self.metrics = metrics
    }
}
