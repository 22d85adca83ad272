package import Estimator

/// A job whose plan takes more memory than there is.
package struct TooLargeJob: Error, Sendable, CustomStringConvertible {
    /// What it takes, and what there is.
    package let memory: StepMemory
    /// Whether an operator's setting is the limit, and not the machine.
    package let isSetting: Bool

    /// What was found, what there is, and the way out.
    package var description: String {
        let found = "its plan takes \(memory.bytes >> 20) MiB of memory"
        let limit = memory.limit >> 20
        return isSetting
            ? "\(found), and a worker may have \(limit) MiB; make the batch or the model smaller, or ask the operator to "
                + "raise worker_memory_bytes"
            : "\(found), and the machine has \(limit) MiB; make the batch or the model smaller"
    }
}
