import Executor
import Graph
import OrderedCollections

/// The model function as an estimator hands it to its base: with the input pipeline, the device's loop and the hooks around it
/// (TensorFlow: `_augment_model_fn`, rules B1–B7). Training and evaluation are built by it.
package struct WrappedModelFunction {
    /// What was built.
    package struct Build {
        /// The spec for the host.
        package let spec: EstimatorSpec
        /// The program of one core.
        package let program: BuiltProgram
        /// Builds the program for batches of another size.
        let building: ProgramBuilding
        /// The input, its functions called.
        package let input: PreparedInput
        /// What the outfeed's worker runs once a step: the updates of the metrics (rule M7), and the host call.
        let updates: [SessionOperation]
    }

    private let wrapper: ModelFunctionWrapper
    private let options: Options
    private let tracer: EventTracer

    /// How input is brought to the device.
    package struct Options: Sendable {
        /// Each element's axis of the batch; nil: the first.
        package var batchAxis: [Int]?
        /// Whether the repetition over a loop's steps happens on the host. Default false, as in the source.
        package var wrapsInputIntoWhileLoop = false
        /// Simulated hosts in place of the context's; nil: the context's.
        package var hosts: Int?
        /// Batches that were consumed before. Default 0.
        package var firstBatch = 0
        /// Cores that predict; 1, the default: the CPU does.
        var cores = 1
        /// Whether the last element of the infeed says which rows count (``PaddedInput``). Default false.
        var isPadded = false

        /// Options with every default.
        package init() {}
    }

    /// A wrapped model function in the context of a mode.
    package init(_ wrapper: ModelFunctionWrapper, options: Options, tracer: EventTracer) {
        self.wrapper = wrapper
        self.options = options
        self.tracer = tracer
    }

    private var context: TPUContext { wrapper.context }

    /// Builds, for input that was called right away on the CPU, or that the pipeline calls on the TPU.
    ///
    /// - Parameters:
    ///   - features: what the estimator made of the input function.
    ///   - labels: always nil on the TPU, where the labels come with the features.
    ///   - scope: where the iterations variable is looked up.
    ///   - rows: rows of a batch on the CPU; nil: the first tensor's.
    ///   - programRows: rows of the batch that the CPU's program is for, a short one perhaps; nil: all of them.
    /// - Throws: `EstimatorError` for what the source refuses; ``TrainingError``; what model and input function throw.
    package func callAsFunction(
        features: CalledInput, labels: Structure<InputTensor>? = nil, scope: VariableScope, rows: Int? = nil,
        programRows: Int? = nil
    ) throws -> Build {
        let build =
            try context.isRunningOnCPU ? onHost(features, labels, rows, programRows) : onDevice(features, labels, scope)
        tracer.record(.build(.spec(build.spec.summary)))
        return build
    }

    private func record(_ event: BuildEvent) { tracer.record(.build(event)) }

    // MARK: On the CPU

    private func onHost(_ features: CalledInput, _ labels: Structure<InputTensor>?, _ rows: Int?, _ programRows: Int?)
        throws -> Build
    {
        let place = options.cores > 1 ? "\(options.cores) TPU cores" : "CPU"
        tracer.log(.info, "Running \(try context.mode.rawValue) on \(place)")
        var result: InputResult
        switch features {
        case .inputs(let given): result = given
        case .function(let call): result = try call(device: CalledInput.hostDevice, dropRemainder: false)
        }
        if let labels { result = InputResult(features: result.features, labels: labels) }
        let count = rows ?? result.features.elements.first?.type?.shape.dimensions.first ?? 1
        let input = try PreparedInput(onHost: result, rows: count, firstBatch: options.firstBatch, tracer: tracer)
        let building = try building(input, names: input.named())
        let (program, spec) = try building.build(coreBatchSize: programRows ?? count)
        return Build(spec: spec, program: program, building: building, input: input, updates: [])
    }

    private func building(_ input: PreparedInput, names: (features: Structure<String>, labels: Structure<String>?)?)
        throws -> ProgramBuilding
    {
        let types = try input.types()
        return ProgramBuilding(
            wrapper, features: types.features, labels: types.labels, batchAxes: input.axes, names: names,
            isPadded: options.isPadded, tracer: tracer)
    }

    // MARK: On the TPU

    /// The input pipeline of the TPU, built.
    func prepare(_ call: InputCall) throws -> PreparedInput {
        try InfeedPipeline(
            call, batchAxis: options.batchAxis, wrapsIntoWhileLoop: options.wrapsInputIntoWhileLoop,
            hosts: options.hosts, tracer: tracer
        ).build(firstBatch: options.firstBatch)
    }

    private func onDevice(_ features: CalledInput, _ labels: Structure<InputTensor>?, _ scope: VariableScope) throws
        -> Build
    {
        if labels != nil { throw EstimatorError.labelsNotNil }
        guard case .function(let call) = features else { throw EstimatorError.inputNotCallable }
        if options.wrapsInputIntoWhileLoop {
            try scope.iterationsVariable()
            record(.identity(after: []))
        }
        let input = try prepare(call)
        try scope.iterationsVariable()
        let building = try building(input, names: nil)
        let rows = input.rowsOfCore(context.numCores)
        let (program, made) = try building.build(coreBatchSize: rows)
        var spec = made
        let isTraining = try context.mode == .train
        let updates =
            (spec.evalMetricOps?.metrics.values.map(\.updateOperation) ?? [])
            + (program.hostCall == nil ? [] : [.hostCall])
        let hook = try InfeedOutfeedSessionHook(
            context: context, enqueueOperations: input.enqueueOperations.indices.map { .enqueue(host: $0) },
            // Without a host call nothing leaves the cores in training (H7).
            dequeueOperations: isTraining && program.hostCall == nil ? nil : updates,
            wrapsInputIntoWhileLoop: options.wrapsInputIntoWhileLoop,
            tracer: tracer)
        record(
            .infeedOutfeedHook(
                job: hook.masterJob, hosts: hook.enqueueOperations.count, dequeue: hook.dequeueOperations?.map(\.name)))
        if isTraining {
            record(.identity(after: []))
            let logging = LoggingTensorHook(ofTraining: context.config, tracer: tracer)
            record(.loggingHook(keys: logging.tensors.map(\.tag), everySeconds: context.config.logEverySeconds))
            record(.summary(name: "loss"))
            try building.finishTraining(program)
            spec.trainingHooks = [hook, logging] + spec.trainingHooks
        } else {
            spec.evaluationHooks = [hook] + spec.evaluationHooks
        }
        return Build(spec: spec, program: program, building: building, input: input, updates: updates)
    }
}

extension EstimatorSpec {
    /// What the spec has. On the TPU a metric's update is a placeholder: the outfeed's worker runs the real one.
    fileprivate var summary: SpecSummary {
        let isOnTPU = (trainingHooks + evaluationHooks).contains { $0 is InfeedOutfeedSessionHook }
        func names(_ hooks: [any SessionHook]) -> [String] {
            hooks.map { "\(type(of: $0))".replacing(/Hook$/, with: "") }
        }
        return SpecSummary(
            mode: mode, trainingHooks: names(trainingHooks), evaluationHooks: names(evaluationHooks),
            hasTrainOp: trainOp != nil, predictions: Array(predictions.keys),
            metrics: evalMetricOps.map { operations in
                operations.metrics.map { name, metric in
                    [
                        name, metric.valueOperation.name,
                        (isOnTPU ? SessionOperation.placeholderUpdate : metric.updateOperation).name,
                    ]
                }
            })
    }
}
