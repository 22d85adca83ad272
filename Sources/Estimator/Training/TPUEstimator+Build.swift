import Executor

extension TPUEstimator {
    /// What the estimator makes of an input function in a mode: its features and labels on the CPU, a function that
    /// will call it on the TPU (TensorFlow: `_call_input_fn`).
    ///
    /// - Parameters:
    ///   - rows: rows of a batch on the CPU; nil: those of the mode's batch size.
    ///   - firstBatch: batches that were consumed before, of a call on the CPU. Default 0.
    ///   - dropRemainder: whether a call on the CPU leaves out a last batch with fewer rows. Default true.
    /// - Throws: `EstimatorError.inputParamsNotTaken`; what the call throws.
    package func callInput(
        _ input: any CallableInput, mode: ModeKeys, rows: Int? = nil, firstBatch: Int = 0, dropRemainder: Bool = true
    ) throws -> CalledInput {
        let call = try InputCall(input, context: context.withMode(mode), params: params, tracer: tracer)
        return try CalledInput(
            call, part: rows.map { InputPart(rows: 0..<$0, globalBatchSize: $0, handedBatchSize: $0) },
            firstBatch: firstBatch, dropRemainder: dropRemainder)
    }

    /// The model function as the base of the estimator sees it.
    package func wrappedModelFunction(mode: ModeKeys, options: WrappedModelFunction.Options) -> WrappedModelFunction {
        let tracer = tracer
        return WrappedModelFunction(
            ModelFunctionWrapper(modelFunction, params: params, context: context.withMode(mode), tracer: tracer),
            options: options, tracer: tracer)
    }

    /// How this estimator brings input to the device.
    func inputOptions(hosts: Int?, firstBatch: Int = 0) -> WrappedModelFunction.Options {
        var options = WrappedModelFunction.Options()
        options.batchAxis = batchAxis
        options.wrapsInputIntoWhileLoop = execution.wrapsInputIntoWhileLoop
        options.hosts = hosts
        options.firstBatch = firstBatch
        return options
    }
}
