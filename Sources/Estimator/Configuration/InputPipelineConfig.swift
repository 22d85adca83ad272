/// How an input function is called on the TPU, and what of its batches a core gets (TensorFlow:
/// `tf.contrib.tpu.InputPipelineConfig`).
public enum InputPipelineConfig: String, Sendable, Hashable, CaseIterable {
    /// Training calls it once for each core, which gets its batches; evaluation as ``perHostV1`` (`PER_SHARD_V1`).
    case perShardV1 = "per_shard_v1"
    /// It is called once for each host, and each batch is split over the host's cores (`PER_HOST_V1`).
    case perHostV1 = "per_host_v1"
    /// It is called once for each host, and each core of it gets a batch of its own: the next one behind that of the core before
    /// it (`PER_HOST_V2`).
    case perHostV2 = "per_host_v2"
    /// It is called once, on host 0, and all cores of all hosts get the whole batch (`BROADCAST`).
    case broadcast
}
