/// What of the machine ended an attempt, so that it says nothing about the job. The raw value is the `error.code` of such
/// an attempt, which ends as INTERRUPTED.
package enum MachineCondition: String, CaseIterable, Hashable, Sendable {
    /// A disk had no room left.
    case diskFull = "DISK_FULL"
    /// A disk or a file system failed.
    case ioError = "IO_ERROR"
    /// The daemon or the worker could not get a descriptor, a process or memory.
    case resources = "RESOURCES"

    /// The longest wait between two such attempts, in seconds.
    package static let longestBackoffSeconds = 60.0

    /// How long a job waits after so many such attempts in a row, in seconds: 1, 2, 4 and so on, up to 60.
    package static func backoffSeconds(after attempts: Int) -> Double {
        min(longestBackoffSeconds, Double(1 << min(max(attempts, 1) - 1, 6)))
    }
}
