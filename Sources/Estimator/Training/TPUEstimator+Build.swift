import Executor

extension TPUEstimator {
    /// What the estimator makes of an input function in a mode: its features and labels on the CPU, a function that will call it
    /// on the TPU (TensorFlow: `_call_input_fn`).
    ///
    /// - Throws: `EstimatorError.inputParamsNotTaken`; what the call throws.
    package func callInput(_ input: any CallableInput, mode: ModeKeys) throws -> CalledInput {
        try CalledInput(InputCall(input, context: context.withMode(mode), params: params, tracer: tracer))
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

    /// The call of an input function for whole batches on the CPU.
    func callOnHost(_ call: InputCall, batchSize: Int, firstBatch: Int, dropRemainder: Bool) throws -> CalledInput {
        try CalledInput(
            call, part: InputPart(rows: 0..<batchSize, globalBatchSize: batchSize, handedBatchSize: batchSize),
            firstBatch: firstBatch, dropRemainder: dropRemainder)
    }
}
