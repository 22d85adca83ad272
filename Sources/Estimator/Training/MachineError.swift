import Formats
import Glibc

/// A condition of the machine that ended a run: no room on the disk, a disk that fails, no descriptors or memory. The job
/// is not at fault, and the same run goes well another time or elsewhere.
public struct MachineError: Error, Equatable, CustomStringConvertible {
    /// What the machine lacks.
    public enum Kind: String, Sendable {
        /// ENOSPC, EDQUOT: no room on the disk, or none left of the quota.
        case diskFull = "DISK_FULL"
        /// EIO, EROFS and their like: the disk does not do what it should.
        case inputOutput = "IO_ERROR"
        /// EMFILE, ENFILE, ENOMEM, EAGAIN: no descriptors, threads or memory of the kernel's.
        case resources = "RESOURCES"
    }

    /// What the machine lacks.
    public let kind: Kind
    /// What was being done, `writing a checkpoint` for example: never a path.
    package let activity: String
    /// `errno`.
    package let code: Int32

    /// The condition that `errno` tells of; nil when it tells of something else.
    package init?(_ code: Int32, while activity: String) {
        switch code {
        case ENOSPC, EDQUOT: kind = .diskFull
        case EIO, EROFS, ENXIO, ENODEV, ESTALE, EREMOTEIO, ETIMEDOUT: kind = .inputOutput
        case EMFILE, ENFILE, ENOMEM, EAGAIN, ENOBUFS: kind = .resources
        default: return nil
        }
        self.activity = activity
        self.code = code
    }

    /// The condition that an error tells of; nil when it tells of something else.
    package init?(_ error: any Error, while activity: String) {
        guard let code = (error as? any SystemCallError)?.systemError else { return nil }
        self.init(code, while: activity)
    }

    /// One sentence.
    public var description: String {
        switch kind {
        case .diskFull: "the disk is full: \(activity) failed (\(SystemText.of(code)))"
        case .inputOutput: "the disk failed: \(activity) failed (\(SystemText.of(code)))"
        case .resources: "the machine is short of resources: \(activity) failed (\(SystemText.of(code)))"
        }
    }
}
