import ArgumentParser
import Glibc
import Transfer

/// What the process ends with; scripts rely on the numbers.
enum ExitStatus: Int32 {
    case success = 0
    /// The job ended in another state than SUCCEEDED.
    case jobFailed = 1
    case usage = 2
    case unreachable = 3
    /// The server answered with an error.
    case refused = 4

    /// Tells the user what happened (help on standard output, faults on standard error) and gives the status.
    static func report(_ error: any Error) -> ExitStatus {
        switch error {
        case let status as JobFailure:
            if let message = status.message { Terminal.complain(message) }
            return .jobFailed
        case let refusal as Refusal:
            Terminal.complain(refusal.description)
            return .refused
        case let error as TransferError:
            Terminal.complain(error.description)
            return error.code == .badAddress || error.code == .file ? .usage : .unreachable
        default:
            let code = Tpuctl.exitCode(for: error)
            let message = Tpuctl.fullMessage(for: error)
            if code == .success {
                Terminal.say(message)
                return .success
            }
            Terminal.complain(message)
            return .usage
        }
    }
}

/// The job ended, and not well.
struct JobFailure: Error {
    /// Nil where the user has already been told.
    let message: String?
}
