public import Graph

/// A parameter that a model function may take besides `features`, which all take.
public enum ModelParameter: String, Sendable, Hashable, CaseIterable {
    /// The labels. A function that does not take them is an error where the input gives some.
    case labels
    /// The mode.
    case mode
    /// The user's parameters and the batch size. An estimator demands it.
    case params
    /// The run configuration.
    case config
}

/// What a model function is called with: of the parameters those that it takes.
public struct ModelArguments {
    /// The features.
    public let features: TensorStructure
    /// The labels; nil: there are none, or the function does not take them.
    public let labels: TensorStructure?
    /// The mode; nil: the function does not take it.
    public let mode: ModeKeys?
    /// The user's parameters and the batch size; nil: the function does not take them.
    public let params: ModelParameters?
    /// The run configuration; nil: the function does not take it.
    public let config: RunConfig?
    /// What to build with.
    public let builder: GraphBuilder
}

/// What a model function returned: a spec of the one kind or the other.
public enum ModelSpec {
    /// One that knows nothing of TPUs.
    case estimator(EstimatorSpec)
    /// One for the TPU.
    case tpuEstimator(TPUEstimatorSpec)

    /// The type's name as TensorFlow has it.
    package var typeName: String {
        switch self {
        case .estimator: "EstimatorSpec"
        case .tpuEstimator: "TPUEstimatorSpec"
        }
    }

    /// The loss.
    package var loss: Tensor? {
        switch self {
        case .estimator(let spec): spec.loss
        case .tpuEstimator(let spec): spec.loss
        }
    }

    /// What the host calls behind steps.
    var hostCall: HostCall? { if case .tpuEstimator(let spec) = self { spec.hostCall } else { nil } }

    /// The hooks of training that a spec for the TPU has.
    var trainingHooks: [any SessionHook] { if case .tpuEstimator(let spec) = self { spec.trainingHooks } else { [] } }

    /// What a spec for the TPU says of the start of a training.
    var scaffoldFunction: (() throws -> Scaffold)? {
        if case .tpuEstimator(let spec) = self { spec.scaffoldFunction } else { nil }
    }

    /// The training operation.
    var trainOp: TrainOperation? {
        switch self {
        case .estimator(let spec): spec.trainOp
        case .tpuEstimator(let spec): spec.trainOp
        }
    }
}

/// A model function with the parameters that it declares, which may return either kind of spec (TensorFlow: `model_fn`).
public struct DeclaredModelFunction: Sendable {
    /// The parameters that it takes besides the features.
    package let parameters: Set<ModelParameter>
    private let body: @Sendable (ModelArguments) throws -> ModelSpec

    /// A model function.
    ///
    /// - Parameters:
    ///   - parameters: what it takes besides the features. Default: all.
    ///   - body: builds one core's computation.
    public init(
        _ parameters: Set<ModelParameter> = Set(ModelParameter.allCases),
        body: @escaping @Sendable (ModelArguments) throws -> ModelSpec
    ) {
        self.parameters = parameters
        self.body = body
    }

    /// A model function of the usual form: it takes all but the configuration, and returns a spec for the TPU.
    public init(_ function: @escaping ModelFunction) {
        self.init([.labels, .mode, .params]) { arguments in
            .tpuEstimator(
                try function(
                    arguments.features, arguments.labels, arguments.mode ?? .predict,
                    arguments.params ?? ModelParameters(), arguments.builder))
        }
    }

    /// Calls it.
    func callAsFunction(_ arguments: ModelArguments) throws -> ModelSpec { try body(arguments) }
}
