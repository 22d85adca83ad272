import OrderedCollections

/// What a host call calls: a function on host 0 that gets what all cores sent in a step (TensorFlow: the first of `host_call`).
///
/// It is called behind steps of a training or an evaluation, on the outfeed's thread, one call after the other, in the order of
/// the steps. The device may be some steps ahead meanwhile.
public struct HostFunction: Sendable {
    let parameters: HostParameters
    private let body: @Sendable (HostArguments) throws -> Void

    /// A function with its parameters.
    ///
    /// - Parameters:
    ///   - parameters: the names of the parameters, in order.
    ///   - optional: those that a call may leave out. Default none.
    ///   - takesMorePositions: whether a call may pass more tensors by position. Default false.
    ///   - takesMoreNames: whether a call may pass tensors by other names. Default false.
    ///   - body: what it does. What it throws ends the run.
    public init(
        _ parameters: [String], optional: Set<String> = [], takesMorePositions: Bool = false,
        takesMoreNames: Bool = false, body: @escaping @Sendable (HostArguments) throws -> Void
    ) {
        self.parameters = HostParameters(
            names: parameters, optional: optional, takesMorePositions: takesMorePositions,
            takesMoreNames: takesMoreNames)
        self.body = body
    }

    /// Calls it.
    func callAsFunction(_ arguments: HostArguments) throws { try body(arguments) }

    /// Gives each tensor to its parameter.
    ///
    /// - Throws: `EstimatorError.hostCallArgumentCount`, `.hostCallArgumentNames` where the tensors don't fit.
    func bind<Value>(_ tensors: MetricTensors<Value>) throws(EstimatorError) -> HostParameters.Bound<Value> {
        do throws(HostParameters.Mismatch) { return try parameters.bind(tensors) } catch {
            switch error {
            case .count(let expected, let actual): throw .hostCallArgumentCount(expected: expected, actual: actual)
            case .names(let missing, let unexpected):
                throw .hostCallArgumentNames(missing: missing, unexpected: unexpected)
            }
        }
    }
}

/// What a host call's function is called with: the tensors of one step, those of all cores joined along the first axis in core
/// order.
public struct HostArguments: Sendable {
    /// The global step: of a training behind the step, of an evaluation that of the variables that are evaluated.
    public let globalStep: Int
    /// The tensors that were passed by position beyond the parameters.
    public let furtherTensors: [HostTensor]
    private let tensors: OrderedDictionary<String, HostTensor>

    init(globalStep: Int, _ bound: HostParameters.Bound<HostTensor>) {
        self.globalStep = globalStep
        furtherTensors = bound.morePositions
        tensors = bound.named.merging(bound.moreNames) { own, _ in own }
    }

    /// The tensor that was passed for this parameter or by this name; nil where none was.
    public subscript(name: String) -> HostTensor? { tensors[name] }
}
