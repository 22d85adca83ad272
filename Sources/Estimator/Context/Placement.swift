/// Which host's CPU holds the operations that belong to a core or a host (TensorFlow: `tpu_host_placement_function`).
package struct HostPlacement: Sendable, Hashable {
    /// The TPU job; nil: local.
    package let masterJob: String?

    /// The placement on the hosts of a job.
    package init(masterJob: String?) {
        self.masterJob = masterJob
    }

    /// The device, for a core or for a host. A local master has one host, whatever is asked.
    ///
    /// - Throws: `EstimatorError.coreAndHostGiven` if both are given, `.neitherCoreNorHostGiven` if there is a job and
    ///   neither is.
    package func callAsFunction(coreID: Int? = nil, hostID: Int? = nil) throws(EstimatorError) -> String {
        if coreID != nil, hostID != nil { throw .coreAndHostGiven }
        guard let masterJob else { return "/replica:0/task:0/device:CPU:0" }
        guard let task = hostID ?? coreID.map(TaskNumber.task(ofCore:)) else { throw .neitherCoreNorHostGiven }
        return "/job:\(masterJob)/task:\(task)/device:CPU:0"
    }
}

/// Which TPU device a core is (TensorFlow: `tpu_device_placement_function`).
package struct DevicePlacement: Sendable, Hashable {
    /// The TPU job; nil: local.
    package let masterJob: String?

    /// The placement on the cores of a job.
    package init(masterJob: String?) {
        self.masterJob = masterJob
    }

    /// The device of the core with that number.
    package func callAsFunction(_ index: Int) -> String {
        let job = masterJob.map { "/job:\($0)" } ?? ""
        return "\(job)/task:\(TaskNumber.task(ofCore: index))/device:TPU:"
            + "\(index.modulo(TPUContext.maximumCoresPerHost))"
    }
}

/// What host and device placement have in common.
private enum TaskNumber {
    /// The task of a core's host. The source divides to a fraction (`from __future__ import division`) and lets the
    /// format cut it, so a negative number is rounded towards zero; its remainder, which the device placement adds,
    /// still counts from 0.
    static func task(ofCore index: Int) -> Int { index / TPUContext.maximumCoresPerHost }
}

extension TPUContext {
    /// The host placement function. The job is resolved here, not when the function is called.
    ///
    /// - Throws: what `masterJob` throws.
    package var tpuHostPlacementFunction: HostPlacement {
        get throws(EstimatorError) { HostPlacement(masterJob: try masterJob) }
    }

    /// The device placement function. The job is resolved here, not when the function is called.
    ///
    /// - Throws: what `masterJob` throws.
    package var tpuDevicePlacementFunction: DevicePlacement {
        get throws(EstimatorError) { DevicePlacement(masterJob: try masterJob) }
    }

    /// The number of a core on its host (TensorFlow: `tpu_ordinal_function`). Enqueue operations sit on the CPU and
    /// have to say which core they feed. Needs neither mode nor job.
    package func tpuOrdinal(_ index: Int) -> Int { index.modulo(Self.maximumCoresPerHost) }
}
