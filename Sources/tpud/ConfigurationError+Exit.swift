import ArgumentParser
import Daemon
import Foundation
import Glibc

extension ConfigurationError {
    /// Tells every fault on standard error, a line each; what the process then ends with: EX_USAGE of sysexits.h.
    var told: ExitCode {
        let lines = description.split(separator: "\n").map { "tpud: \($0)\n" }
        FileHandle.standardError.write(Data(lines.joined().utf8))
        return ExitCode(EX_USAGE)
    }
}
