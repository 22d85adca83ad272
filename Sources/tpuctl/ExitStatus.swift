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
    /// The server answered with an error, or does not have what was asked for.
    case refused = 4
    /// Standard output can't be written.
    case unwritable = 5
    /// Ctrl-C, as a shell tells it: 128 and the signal's number.
    case interrupted = 130

    /// Tells the user what happened (help on standard output, errors on standard error) and gives the status.
    static func report(_ error: any Error) -> ExitStatus {
        switch error {
        case is JobDidNotSucceed: return .jobFailed
        case let error as ServerError:
            Terminal.complain(error.description)
            return .refused
        case let error as NotFound:
            Terminal.complain(error.message)
            return .refused
        case let error as TransferError:
            Terminal.complain(error.description)
            return error.code == .badAddress || error.code == .file ? .usage : .unreachable
        default:
            let message = Tpuctl.fullMessage(for: error)
            if Tpuctl.exitCode(for: error) == .success {
                Terminal.say(message)
                return .success
            }
            Terminal.complain(message)
            return .usage
        }
    }
}

/// The job ended in another state than SUCCEEDED; the user has been told.
struct JobDidNotSucceed: Error {}

/// The server has nothing by that name.
struct NotFound: Error {
    let message: String
}
