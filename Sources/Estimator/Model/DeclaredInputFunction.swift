/// What an estimator can call for its input (TensorFlow: `input_fn`): an ``InputFunction``, which gives iterators over rows of
/// global batches, or a ``DeclaredInputFunction``, which returns features and labels as in TensorFlow.
public protocol CallableInput: Sendable {
    /// The parameters that it takes.
    var parameters: Set<InputParameter> { get }
    /// Rows of a batch where the estimator has no batch size: evaluation and prediction on the CPU. Default 128.
    var ownBatchSize: Int { get }
    /// How many records there are in all, repeats counted; nil when that is unknown or without end. Default nil.
    var recordCount: Int? { get }
    /// Steps of input that each host may be ahead of the device; nil: as the execution's options say. Default nil.
    var stepsAhead: Int? { get }
    /// Whether training on the CPU leaves a last batch with fewer rows out; on the TPU it is always left out. Default
    /// false, as a TensorFlow data set's `batch` has it.
    var dropsRemainder: Bool { get }
    /// Calls it.
    func callAsFunction(_ arguments: InputArguments) throws -> InputResult
}

extension CallableInput {
    /// Both parameters.
    public var parameters: Set<InputParameter> { [.params, .config] }
    /// 128 rows, where no batch size is given.
    public var ownBatchSize: Int { 128 }
    /// Nil: the number of records is unknown, or the input has no end.
    public var recordCount: Int? { nil }
    /// Nil: as ``ExecutionOptions`` say.
    public var stepsAhead: Int? { nil }
    /// False: a short last batch is trained.
    public var dropsRemainder: Bool { false }
}

/// A parameter that an input function may take.
public enum InputParameter: String, Sendable, Hashable {
    /// The user's parameters and the batch size. An estimator demands it.
    case params
    /// The run configuration.
    case config
}

/// What an input function is called with.
public struct InputArguments: Sendable {
    /// The user's parameters, and the rows that a batch of this call has.
    public let params: ModelParameters
    /// The run configuration; nil where the function does not take it.
    public let config: RunConfig?
    /// The host that the call is for, counted from 0 (TensorFlow: `params['context'].current_host`).
    public let currentHost: Int
    /// The hosts that calls are for: 1 on the CPU, and where all cores get the same (TensorFlow: `params['context'].num_hosts`).
    public let numHosts: Int
    /// Which rows of which batches this call is for.
    package let request: InputRequest

    /// The arguments of one call; by default for the one host.
    package init(
        params: ModelParameters, config: RunConfig?, currentHost: Int = 0, numHosts: Int = 1, request: InputRequest
    ) {
        self.params = params
        self.config = config
        self.currentHost = currentHost
        self.numHosts = numHosts
        self.request = request
    }
}

/// An input function as TensorFlow has it: `(params, config) -> features | (features, labels)`.
///
/// It is called once for each host, or each core, when an estimator builds; every call's batches have `params.batchSize` rows,
/// and which records they are is the function's own affair. A training that goes on leaves out as many batches of each call as
/// were consumed before.
public struct DeclaredInputFunction: CallableInput {
    /// The parameters that it takes.
    public let parameters: Set<InputParameter>
    /// Rows of a batch where no batch size is handed over.
    public let ownBatchSize: Int
    /// How many records there are; nil: unknown.
    public let recordCount: Int?
    /// Whether training on the CPU leaves a short last batch out.
    public let dropsRemainder: Bool
    private let body: @Sendable (InputArguments) throws -> InputResult

    /// An input function.
    ///
    /// - Parameters:
    ///   - parameters: what it takes. Default: both.
    ///   - ownBatchSize: rows of a batch where no batch size is handed over. Default 128.
    ///   - recordCount: how many records there are; nil, the default: unknown.
    ///   - dropsRemainder: whether training on the CPU leaves a short last batch out. Default false.
    ///   - body: returns features, and labels where there are some.
    public init(
        _ parameters: Set<InputParameter> = [.params, .config], ownBatchSize: Int = 128, recordCount: Int? = nil,
        dropsRemainder: Bool = false, body: @escaping @Sendable (InputArguments) throws -> InputResult
    ) {
        self.parameters = parameters
        self.ownBatchSize = ownBatchSize
        self.recordCount = recordCount
        self.dropsRemainder = dropsRemainder
        self.body = body
    }

    /// Calls the body.
    public func callAsFunction(_ arguments: InputArguments) throws -> InputResult { try body(arguments) }
}

extension InputFunction {
    /// An iterator over the rows that the call is for, as features and labels.
    public func callAsFunction(_ arguments: InputArguments) throws -> InputResult {
        let rows = arguments.request.rows.count
        let types = (features.elements + (labels?.elements ?? [])).map {
            TensorType($0.dtype, Shape([rows] + $0.shape.dimensions))
        }
        let batches = InputBatches(try makeIterator(arguments.request), types: types)
        var place = 0
        func tensors(_ structure: TypeStructure, _ name: String) -> Structure<InputTensor> {
            var names = structure.names.makeIterator()
            return structure.map { _ in
                defer { place += 1 }
                let own = names.next().map { "\(name)/\($0)" } ?? name
                return InputTensor(
                    signature: TensorSignature(name: own, type: types[place]), batches: batches, element: place)
            }
        }
        let first = tensors(features, "features")
        return InputResult(features: first, labels: labels.map { tensors($0, "labels") })
    }
}
