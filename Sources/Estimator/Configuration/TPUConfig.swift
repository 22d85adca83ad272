/// How a computation is laid out on a TPU (TensorFlow: `tf.contrib.tpu.TPUConfig`).
public struct TPUConfig: Sendable, Hashable {
    /// Steps that the device runs before it comes back to the host (`iterations_per_loop`). Default 2.
    public let iterationsPerLoop: Int

    /// Cores that the computation is replicated on (`num_shards`). Default 2.
    public let numShards: Int

    /// Whether the input function is called once for each host (true) or once for each core (false) when training
    /// (`per_host_input_for_training`). Default true.
    public let perHostInputForTraining: Bool

    /// The name of the TPU job; nil or empty: it is inferred (`tpu_job_name`). Default nil.
    public let tpuJobName: String?

    /// A TPU configuration.
    ///
    /// - Throws: `EstimatorError.notPositive` if `iterationsPerLoop` or `numShards` is less than 1.
    public init(
        iterationsPerLoop: Int = 2,
        numShards: Int = 2,
        perHostInputForTraining: Bool = true,
        tpuJobName: String? = nil
    ) throws(EstimatorError) {
        guard iterationsPerLoop >= 1 else {
            throw .notPositive(name: "TPUConfig iterations_per_loop", value: iterationsPerLoop)
        }
        guard numShards >= 1 else {
            throw .notPositive(name: "TPUConfig num_shards", value: numShards)
        }
        self.iterationsPerLoop = iterationsPerLoop
        self.numShards = numShards
        self.perHostInputForTraining = perHostInputForTraining
        self.tpuJobName = tpuJobName
    }

    private init() {
        iterationsPerLoop = 2
        numShards = 2
        perHostInputForTraining = true
        tpuJobName = nil
    }

    /// The configuration with every default.
    public static let standard = TPUConfig()
}
