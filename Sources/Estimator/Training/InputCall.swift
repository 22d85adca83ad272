/// The call of an input function that an estimator makes on the TPU: not yet made, and made once for each host or core
/// (TensorFlow: `_call_input_fn`, rules T3–T5).
package struct InputCall: Sendable {
    /// The input function.
    package let input: any CallableInput
    /// The context of the mode.
    package let context: TPUContext
    private let params: ModelParameters
    private let tracer: EventTracer

    /// A call in a context.
    ///
    /// - Throws: `EstimatorError.inputParamsNotTaken`.
    package init(_ input: any CallableInput, context: TPUContext, params: ModelParameters, tracer: EventTracer)
        throws(EstimatorError)
    {
        guard input.parameters.contains(.params) else { throw .inputParamsNotTaken }
        self.input = input
        self.context = context
        self.params = params
        self.tracer = tracer
    }

    /// Calls the function, with copies of parameters and configuration.
    ///
    /// - Parameters:
    ///   - device: the device scope; nil: none.
    ///   - scope: the name scopes, joined by `/`; empty: none.
    ///   - part: the rows that the call is for; nil: those of the context's batch size.
    ///   - firstBatch: batches that were consumed before.
    ///   - dropRemainder: whether a last batch with fewer rows is left out.
    /// - Throws: ``TrainingError/inputFailed(detail:)``; `EstimatorError` where what it returns is none of the forms.
    package func callAsFunction(
        device: String? = nil, scope: String = "", part: InputPart? = nil, firstBatch: Int = 0,
        dropRemainder: Bool = true
    ) throws -> InputResult {
        let own = try context.batchSizeForInputFunction
        let handed = own.map { part?.handedBatchSize ?? $0 }
        let rows = part?.rows ?? 0..<max(0, handed ?? input.ownBatchSize)
        tracer.record(.build(.inputFunction(device: device, scope: scope, batchSize: handed)))
        let params = params.with(batchSize: handed)
        do {
            return try input(
                InputArguments(
                    params: params, config: input.parameters.contains(.config) ? context.config : nil,
                    currentHost: part?.host ?? 0, numHosts: part?.hosts ?? 1,
                    request: InputRequest(
                        mode: try context.mode, params: params, globalBatchSize: part?.globalBatchSize ?? rows.count,
                        rows: rows, firstBatch: firstBatch, dropRemainder: dropRemainder)))
        } catch let error as EstimatorError { throw error } catch { throw TrainingError(input: error) }
    }
}

/// The part of each global batch that one call of an input function is for.
package struct InputPart: Sendable, Hashable {
    /// Its rows.
    package let rows: Range<Int>
    /// Rows of a global batch.
    package let globalBatchSize: Int
    /// The batch size that the function finds in its parameters, where the context hands one over.
    package let handedBatchSize: Int
    /// The host that the call is for.
    package let host: Int
    /// Hosts that calls are for.
    package let hosts: Int

    /// A part of a batch; by default for the one host.
    package init(rows: Range<Int>, globalBatchSize: Int, handedBatchSize: Int, host: Int = 0, hosts: Int = 1) {
        self.host = host
        self.hosts = hosts
        self.rows = rows
        self.globalBatchSize = globalBatchSize
        self.handedBatchSize = handedBatchSize
    }
}

/// What an estimator hands to its wrapped model function as features: what the input function returned, or on the TPU a
/// function that will call it (rule T4).
package enum CalledInput: Sendable {
    /// The function was called right away.
    case inputs(InputResult)
    /// It is called by the input pipeline.
    case function(InputCall)
}

extension CalledInput {
    /// Where the CPU's input function is called.
    package static let hostDevice = "/device:CPU:0"

    /// Calls an input function in a context, or puts it off: on the TPU the input pipeline calls it.
    ///
    /// - Throws: `EstimatorError.inputParamsNotTaken`; what the call throws.
    package init(_ call: InputCall, part: InputPart? = nil, firstBatch: Int = 0, dropRemainder: Bool = true) throws {
        self =
            try call.context.isRunningOnCPU
            ? .inputs(
                try call(device: Self.hostDevice, part: part, firstBatch: firstBatch, dropRemainder: dropRemainder))
            : .function(call)
    }
}

extension CallableInput {
    /// Whether the function itself leaves out the batches that were consumed before.
    var seeksFirstBatch: Bool { self is any InputFunction }
}
