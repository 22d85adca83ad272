package import API

extension Problem {
    /// The answer to a request whose check has no finding. The cause is in the daemon's log; whoever asked learns what it
    /// means for the specification.
    package init(_ failure: CheckFailure, _ configuration: Configuration) {
        switch failure {
        case .busy:
            self.init(.checksBusy, detail: "Too many specifications wait to be checked; try again later")
        case .clientBusy(let count):
            self.init(
                .checksBusy,
                detail: "\(count) of your specifications \(count == 1 ? "waits" : "wait") to be checked already; "
                    + "send more as they are answered")
        case .closing: self.init(.draining, detail: "The daemon is draining and checks nothing more")
        case .cancelled: self.init(.overloaded, detail: "The check was broken off")
        case .tooSlow, .tooMuchTime:
            self.init(
                .tooExpensive,
                detail:
                    "The specification takes more than \(Self.seconds(configuration.checkTimeout)) to check, which the "
                    + "daemon's setting check_timeout_seconds allows; make the model smaller")
        case .tooMuchMemory:
            self.init(
                .tooExpensive,
                detail: "The specification takes more than \(configuration.checkMemoryBytes) bytes of memory to check, "
                    + "which the daemon's setting check_memory_bytes allows; make the model smaller")
        case .ended, .malformed:
            self.init(
                .checkFailed,
                detail: "The specification can't be checked: it ends the process that tries. Leave parts of it out to "
                    + "find which one, and report it")
        case .shortage:
            self.init(
                .checksBusy, detail: "The daemon's machine is short of what a check needs; try again later"
            )
        case .notStarted: self.init(.internalError, detail: "The daemon could not start the check of the specification")
        }
    }

    private static func seconds(_ number: Double) -> String {
        number == 1 ? "1 second" : number == number.rounded() ? "\(Int(number)) seconds" : "\(number) seconds"
    }
}
