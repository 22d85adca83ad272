extension TPUContext {
    /// The job that runs the TPU system when none is named.
    package static let defaultJobName = "tpu_worker"

    /// The job that coordinates a cluster and is never taken for the TPU's while there is another.
    package static let coordinatorJobName = "coordinator"

    /// Masters that mean this process.
    package static let localMasters: Set<String> = ["", "local"]

    /// The name of the TPU job; nil: local, no job (`master_job`).
    ///
    /// An explicit name wins, whatever it is, and needs no mode. Otherwise the mode's master decides: local, no job;
    /// remote without a cluster, the default name; remote with one, the name that is left beside the coordinator's.
    ///
    /// - Throws: `EstimatorError.modeNotSet`, `.jobNameNotAllowed`, `.jobNameNotInferred`.
    package var masterJob: String? {
        get throws(EstimatorError) {
            if let name = config.tpuConfig.tpuJobName, !name.isEmpty { return name }
            if Self.localMasters.contains(config.master(for: try mode)) { return nil }
            guard let cluster = config.sessionConfiguration?.cluster, !cluster.jobs.isEmpty else {
                return Self.defaultJobName
            }
            var names = Set(cluster.jobs)
            if names.contains(Self.defaultJobName) { throw .jobNameNotAllowed(Self.defaultJobName) }
            if names.count == 2 { names.remove(Self.coordinatorJobName) }
            guard names.count == 1, let only = names.first else { throw .jobNameNotInferred }
            return only
        }
    }
}
