/// How a computation is laid out on a TPU (TensorFlow: `tf.contrib.tpu.TPUConfig`).
public struct TPUConfig: Sendable, Hashable {
    /// Steps that the device runs before it comes back to the host (`iterations_per_loop`). Default 2.
    package let iterationsPerLoop: Int

    /// Seconds that the device runs before it comes back to the host, in place of steps; nil: steps count
    /// (`iterations_per_loop` as a time). Default nil.
    package let secondsPerLoop: Int?

    /// Cores that the computation is replicated on (`num_shards`). Default 2.
    package let numShards: Int

    /// How the input function is called (`per_host_input_for_training`). Default ``InputPipelineConfig/perHostV1``.
    package let inputPipeline: InputPipelineConfig

    /// Whether the input function is called for hosts (true) or once for each core (false) when training.
    package var perHostInputForTraining: Bool { inputPipeline != .perShardV1 }

    /// Whether evaluation on the TPU may use cores of more than one host (`multi_host_evaluation` of a job; the source refuses
    /// that). Default false.
    package let multiHostEvaluation: Bool

    /// A host call in the first step of a training on the TPU and in each so many behind it
    /// (`experimental_host_call_every_n_steps`). Default 1.
    package let hostCallEverySteps: Int

    /// The name of the TPU job; nil or empty: it is inferred (`tpu_job_name`). Default nil.
    package let tpuJobName: String?

    /// A TPU configuration.
    ///
    /// - Parameters:
    ///   - iterationsPerLoop: steps that the device runs before it comes back to the host. Default 2.
    ///   - numShards: cores that the computation is replicated on. Default 2.
    ///   - perHostInputForTraining: whether training asks the input function for one iterator a host (true, the
    ///     default) or one a core.
    ///   - multiHostEvaluation: whether evaluation on the TPU may use cores of more than one host. Default false: it is
    ///     refused, as in the source.
    ///   - hostCallEverySteps: how many steps of a training on the TPU have one host call. Default 1.
    /// - Throws: `EstimatorError.notPositive` if `iterationsPerLoop`, `numShards` or `hostCallEverySteps` is less than 1.
    public init(
        iterationsPerLoop: Int = 2, numShards: Int = 2, perHostInputForTraining: Bool = true,
        multiHostEvaluation: Bool = false, hostCallEverySteps: Int = 1
    ) throws(EstimatorError) {
        try self.init(
            iterationsPerLoop: iterationsPerLoop, numShards: numShards,
            perHostInputForTraining: perHostInputForTraining, multiHostEvaluation: multiHostEvaluation,
            hostCallEverySteps: hostCallEverySteps, tpuJobName: nil)
    }

    /// A TPU configuration whose device runs for a time before it comes back to the host. It comes back earlier where a
    /// checkpoint, an evaluation or a point of the loss's series is due, which then are at multiples of their steps.
    ///
    /// - Parameters:
    ///   - secondsPerLoop: the time, as near as the speed of the loops before tells.
    ///   - numShards: cores that the computation is replicated on. Default 2.
    ///   - perHostInputForTraining: whether training asks the input function for one iterator a host (true, the
    ///     default) or one a core.
    ///   - multiHostEvaluation: whether evaluation on the TPU may use cores of more than one host. Default false.
    ///   - hostCallEverySteps: how many steps of a training on the TPU have one host call. Default 1.
    /// - Throws: `EstimatorError.notPositive` if `secondsPerLoop`, `numShards` or `hostCallEverySteps` is less than 1.
    public init(
        secondsPerLoop: Int, numShards: Int = 2, perHostInputForTraining: Bool = true,
        multiHostEvaluation: Bool = false,
        hostCallEverySteps: Int = 1
    ) throws(EstimatorError) {
        try self.init(
            secondsPerLoop: secondsPerLoop, numShards: numShards, perHostInputForTraining: perHostInputForTraining,
            multiHostEvaluation: multiHostEvaluation, hostCallEverySteps: hostCallEverySteps, tpuJobName: nil)
    }

    /// A TPU configuration with one of the ways in which later versions call the input function.
    ///
    /// - Parameters:
    ///   - iterationsPerLoop: steps that the device runs before it comes back to the host. Default 2.
    ///   - numShards: cores that the computation is replicated on. Default 2.
    ///   - inputPipeline: how the input function is called, and what of its batches a core gets.
    ///   - multiHostEvaluation: whether evaluation on the TPU may use cores of more than one host. Default false.
    ///   - hostCallEverySteps: how many steps of a training on the TPU have one host call. Default 1.
    /// - Throws: `EstimatorError.notPositive` if `iterationsPerLoop`, `numShards` or `hostCallEverySteps` is less than 1.
    public init(
        iterationsPerLoop: Int = 2, numShards: Int = 2, inputPipeline: InputPipelineConfig,
        multiHostEvaluation: Bool = false, hostCallEverySteps: Int = 1
    ) throws(EstimatorError) {
        try self.init(
            iterationsPerLoop: iterationsPerLoop, numShards: numShards, inputPipeline: inputPipeline,
            multiHostEvaluation: multiHostEvaluation, hostCallEverySteps: hostCallEverySteps, tpuJobName: nil)
    }

    /// A TPU configuration with the name of the TPU job; nil or empty: it is inferred. With a time for a loop the number of its
    /// steps is a bound alone. The input pipeline is `inputPipeline`, and where that is nil as `perHostInputForTraining` says.
    ///
    /// - Throws: `EstimatorError.notPositive` if `iterationsPerLoop`, `secondsPerLoop`, `numShards` or `hostCallEverySteps` is
    ///   less than 1.
    package init(
        iterationsPerLoop: Int? = nil, secondsPerLoop: Int? = nil, numShards: Int = 2,
        perHostInputForTraining: Bool = true, inputPipeline: InputPipelineConfig? = nil,
        multiHostEvaluation: Bool = false, hostCallEverySteps: Int = 1,
        tpuJobName: String?
    ) throws(EstimatorError) {
        let iterationsPerLoop = iterationsPerLoop ?? (secondsPerLoop == nil ? 2 : Int(Int32.max))
        guard iterationsPerLoop >= 1 else {
            throw .notPositive(name: "TPUConfig iterations_per_loop", value: iterationsPerLoop)
        }
        if let secondsPerLoop, secondsPerLoop < 1 {
            throw .notPositive(name: "TPUConfig seconds_per_loop", value: secondsPerLoop)
        }
        guard numShards >= 1 else {
            throw .notPositive(name: "TPUConfig num_shards", value: numShards)
        }
        guard hostCallEverySteps >= 1 else {
            throw .notPositive(name: "TPUConfig experimental_host_call_every_n_steps", value: hostCallEverySteps)
        }
        self.iterationsPerLoop = iterationsPerLoop
        self.secondsPerLoop = secondsPerLoop
        self.numShards = numShards
        self.inputPipeline = inputPipeline ?? (perHostInputForTraining ? .perHostV1 : .perShardV1)
        self.multiHostEvaluation = multiHostEvaluation
        self.hostCallEverySteps = hostCallEverySteps
        self.tpuJobName = tpuJobName
    }

    private init() {
        iterationsPerLoop = 2
        secondsPerLoop = nil
        numShards = 2
        inputPipeline = .perHostV1
        multiHostEvaluation = false
        hostCallEverySteps = 1
        tpuJobName = nil
    }

    /// The configuration with every default.
    public static let standard = TPUConfig()
}
