public import Graph
public import OrderedCollections

/// What a model function for the TPU returns (TensorFlow: `TPUEstimatorSpec`, rules S1–S3).
///
/// Hooks, a scaffold and a host call are later versions': a spec has them by saying so.
public struct TPUEstimatorSpec {
    /// The mode that it was built for.
    package var mode: ModeKeys
    /// The scalar loss of one core's batch; needed to train and to evaluate.
    package var loss: Tensor?
    /// What `minimize` of an optimizer returned; needed to train.
    package var trainOp: TrainOperation?
    /// What evaluation computes besides the loss. Valid metrics or none (S2): others can't be made.
    package var evalMetrics: EvalMetrics?
    /// What prediction hands out, by name; every tensor batch-major.
    package var predictions: OrderedDictionary<String, Tensor>
    /// What an exported model hands out, by name.
    package var exportOutputs: OrderedDictionary<String, Tensor>
    /// What the host calls behind steps of training and evaluation; nil: nothing.
    package var hostCall: HostCall?
    /// Hooks of training, behind the estimator's own.
    package var trainingHooks: [any SessionHook]
    /// Hooks of evaluation, behind the estimator's own.
    package var evaluationHooks: [any SessionHook]
    /// Gives what a training starts from; nil: the initializers do. It is called where there is no checkpoint.
    package var scaffoldFunction: (() throws -> Scaffold)?

    /// A spec; all but the mode defaults to nothing.
    public init(
        mode: ModeKeys, loss: Tensor? = nil, trainOp: TrainOperation? = nil, evalMetrics: EvalMetrics? = nil,
        predictions: OrderedDictionary<String, Tensor> = [:], exportOutputs: OrderedDictionary<String, Tensor> = [:],
        hostCall: HostCall? = nil, trainingHooks: [any SessionHook] = [], evaluationHooks: [any SessionHook] = [],
        scaffoldFunction: (() throws -> Scaffold)? = nil
    ) {
        self.mode = mode
        self.loss = loss
        self.trainOp = trainOp
        self.evalMetrics = evalMetrics
        self.predictions = predictions
        self.exportOutputs = exportOutputs
        self.hostCall = hostCall
        self.scaffoldFunction = scaffoldFunction
        self.trainingHooks = trainingHooks
        self.evaluationHooks = evaluationHooks
    }

    /// The spec for use on the CPU (TensorFlow: `as_estimator_spec`, rule S3): the metric function is called with the tensors,
    /// whatever the mode.
    ///
    /// - Throws: what the metric function throws.
    public func asEstimatorSpec() throws -> EstimatorSpec { try asEstimatorSpec(tracer: .silent) }

    /// The same, telling the tracer of the metric function's call.
    package func asEstimatorSpec(tracer: EventTracer) throws -> EstimatorSpec {
        var spec = EstimatorSpec(
            mode: mode, predictions: predictions, loss: loss, trainOp: trainOp,
            evalMetricOps: try evalMetrics?.onHost(tracer: tracer), exportOutputs: exportOutputs,
            trainingHooks: trainingHooks, evaluationHooks: evaluationHooks)
        spec.hostCall = hostCall
        spec.scaffoldFunction = scaffoldFunction
        return spec
    }
}
