import Glibc
package import Jobs
package import Reactor

extension MachineCondition {
    /// What a failed system call says of the machine. What the daemon can't do for itself is never the job's fault.
    package init(_ error: SystemError) {
        switch error.code {
        case ENOSPC, EDQUOT: self = .diskFull
        case EMFILE, ENFILE, ENOMEM, EAGAIN, ENOBUFS: self = .resources
        default: self = .ioError
        }
    }
}
