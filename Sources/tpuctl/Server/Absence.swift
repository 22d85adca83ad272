import Glibc
import Transfer

/// How long the server has been away, and the wait for it: jobs outlive a restart of the daemon, so should who waits for
/// them.
struct Absence {
    /// Seconds that the server may be away in a row.
    let patience: Double
    private var away = 0.0

    /// It is there.
    init(patience: Double) { self.patience = patience }

    /// It is there, again.
    mutating func end() {
        if away > 0 { Terminal.complain("the server is there again") }
        away = 0
    }

    /// Waits where an error says that the server is away.
    /// - Throws: any other error; this one, too, once the server has been away for too long.
    mutating func wait(for error: any Error) throws {
        switch error {
        case let error as TransferError where error.code == .unreachable || error.code == .timedOut:
            try wait(error.description, orThrow: error)
        case let error as ServerError where error.status == 503: try wait(error.description, orThrow: error)
        default: throw error
        }
    }

    /// Waits half a second, and says so the first time.
    /// - Throws: the error once the server has been away for too long.
    mutating func wait(_ words: String, orThrow error: any Error) throws {
        guard away < patience else { throw error }
        if away == 0 { Terminal.complain("\(words)\nwaiting up to \(Int(patience)) s for the server") }
        usleep(500_000)
        away += 0.5
    }
}
