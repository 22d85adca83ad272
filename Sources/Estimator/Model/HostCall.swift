public import Graph
public import OrderedCollections

/// A function on host 0 and the tensors that the cores send it in a step (TensorFlow: the pair `host_call`).
///
/// What the cores send is joined along the first axis, so on the TPU none of the tensors is a scalar: send one value for each row,
/// or reshape it to `[1]` for one of each core. The less is sent the better: a step waits for room in the outfeed.
public struct HostCall {
    /// The function.
    package let function: HostFunction
    /// What it is called with.
    package let tensors: MetricTensors<Tensor>

    /// A call with tensors by position.
    ///
    /// - Throws: `EstimatorError.hostCallArgumentCount` when there are not as many tensors as the function has parameters, those
    ///   with defaults included, and it does not take more.
    public init(_ function: HostFunction, _ tensors: [Tensor]) throws(EstimatorError) {
        let parameters = function.parameters
        guard tensors.count == parameters.names.count || parameters.takesMorePositions else {
            throw .hostCallArgumentCount(expected: parameters.names.count, actual: tensors.count)
        }
        self.function = function
        self.tensors = .positional(tensors)
    }

    /// A call with tensors by the names of the function's parameters. Nothing is compared: a mismatch shows when a program is
    /// built.
    public init(_ function: HostFunction, _ tensors: OrderedDictionary<String, Tensor>) {
        self.function = function
        self.tensors = .named(tensors)
    }
}

extension HostCall {
    /// The names of the tensors: those that they were given by, or the parameters', or for more than these their positions.
    var names: [String] {
        switch tensors {
        case .named(let tensors): Array(tensors.keys)
        case .positional(let tensors):
            tensors.indices.map {
                function.parameters.names.indices.contains($0) ? function.parameters.names[$0] : "\($0)"
            }
        }
    }

    /// What leaves each core for the call, by the name of the outfeed's value.
    var outfeed: [(name: String, value: Tensor)] {
        tensors.elements.enumerated().map { (BuiltHostCall.outfeedName($0), $1) }
    }

    /// The host's side of the call.
    ///
    /// - Throws: `EstimatorError.hostCallArgumentCount`, `.hostCallArgumentNames` where the tensors don't fit the function; the log
    ///   has a warning where names are at fault.
    func onHost(tracer: EventTracer) throws(EstimatorError) -> BuiltHostCall {
        let named = tensors.map { place, _ in BuiltHostCall.outfeedName(place) }
        do throws(EstimatorError) {
            _ = try function.bind(named)
        } catch {
            if case .hostCallArgumentNames = error {
                tracer.log(
                    .warning,
                    "Exception while calling host_call: \(error). It is likely the tensors (host_call[1]) do not match the "
                        + "function's arguments")
            }
            throw error
        }
        return BuiltHostCall(function: function, tensors: named)
    }

    /// The host's side of the call on the TPU: of what was taken from each core in order, each tensor in order is joined along the
    /// first axis on core 0's host, where the function is called.
    ///
    /// - Throws: as ``onHost(tracer:)``, before it `EstimatorError.outfeedScalar` for the first tensor without a batch; what the
    ///   context throws that does not know its job.
    func onTPU(_ context: TPUContext, tracer: EventTracer) throws -> BuiltHostCall {
        let (host, names) = (try context.tpuHostPlacementFunction(coreID: 0), names)
        for (place, tensor) in tensors.elements.enumerated() {
            if context.isInputBroadcast {
                tracer.record(.build(.identity(after: ["core0/\(place)"])))
                continue
            }
            if tensor.rank == 0 { throw EstimatorError.outfeedScalar(names[place]) }
            tracer.record(
                .build(
                    .concatenation(
                        name: BuiltHostCall.outfeedName(place), axis: 0, device: host,
                        inputs: (0..<context.numCores).map { "core\($0)/\(place)" })))
        }
        let built = try onHost(tracer: tracer)
        tracer.record(.build(.hostFunction(tensors: names)))
        return built
    }
}

/// The host's side of a host call: which values of the outfeed go to which parameter.
package struct BuiltHostCall: Sendable {
    let function: HostFunction
    /// The names of the outfeed's values.
    let tensors: MetricTensors<String>

    /// The name of an outfeed's value by the tensor's position in the call.
    static func outfeedName(_ place: Int) -> String { "/host_call/\(place)" }
}
