public import Graph
public import OrderedCollections

/// What a model function returns that knows nothing of TPUs (TensorFlow: `tf.estimator.EstimatorSpec`). For training on the TPU
/// it must have no hooks; evaluation there needs a ``TPUEstimatorSpec``.
public struct EstimatorSpec {
    /// The mode that it was built for.
    package var mode: ModeKeys
    /// What prediction hands out, by name; every tensor batch-major.
    package var predictions: OrderedDictionary<String, Tensor>
    /// The scalar loss of one core's batch; needed to train and to evaluate.
    package var loss: Tensor?
    /// What `minimize` of an optimizer returned; needed to train.
    package var trainOp: TrainOperation?
    /// What evaluation computes besides the loss; nil: nothing.
    package var evalMetricOps: EvalMetricOperations?
    /// What an exported model hands out, by name.
    package var exportOutputs: OrderedDictionary<String, Tensor>
    /// Hooks of the chief's training; a process of its own is its own chief.
    package var trainingChiefHooks: [any SessionHook]
    /// Hooks of training.
    package var trainingHooks: [any SessionHook]
    /// Hooks of evaluation.
    package var evaluationHooks: [any SessionHook]
    /// Gives what a training on the CPU starts from; nil: the initializers do.
    package var scaffoldFunction: (() throws -> Scaffold)?
    /// What the host calls behind steps; nil: nothing. Only a spec for the TPU brings one along.
    package var hostCall: HostCall?

    /// A spec; all but the mode defaults to nothing.
    public init(
        mode: ModeKeys, predictions: OrderedDictionary<String, Tensor> = [:], loss: Tensor? = nil,
        trainOp: TrainOperation? = nil, evalMetricOps: EvalMetricOperations? = nil,
        exportOutputs: OrderedDictionary<String, Tensor> = [:], trainingChiefHooks: [any SessionHook] = [],
        trainingHooks: [any SessionHook] = [], evaluationHooks: [any SessionHook] = [], scaffold: Scaffold? = nil
    ) {
        scaffoldFunction = scaffold.map { given in { given } }
        self.mode = mode
        self.predictions = predictions
        self.loss = loss
        self.trainOp = trainOp
        self.evalMetricOps = evalMetricOps
        self.exportOutputs = exportOutputs
        self.trainingChiefHooks = trainingChiefHooks
        self.trainingHooks = trainingHooks
        self.evaluationHooks = evaluationHooks
    }
}

/// Metrics by name and the tensors that they read (TensorFlow: `eval_metric_ops`, whose pairs of value and update hold both).
public struct EvalMetricOperations {
    /// The tensors by the names that the metrics read.
    package var tensors: OrderedDictionary<String, Tensor>
    /// The metrics by the names that they are reported under.
    package var metrics: OrderedDictionary<String, Metric>

    /// Metrics over tensors.
    public init(tensors: OrderedDictionary<String, Tensor>, metrics: OrderedDictionary<String, Metric>) {
        self.tensors = tensors
        var named: OrderedDictionary<String, Metric> = [:]
        for (name, metric) in metrics { named[name] = metric.named(name) }
        self.metrics = named
    }
}
