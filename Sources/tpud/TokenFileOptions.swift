import ArgumentParser
import Daemon
import Foundation
import Glibc

/// Which file of tokens a command is about.
struct TokenFileOptions: ParsableArguments {
    @Option(help: "The file. [the setting tokens]") var file: String?
    @Option(help: "The configuration file that names it; without it /etc/tpud/tpud.yaml is read if it is there.")
    var config: String?

    /// Its path.
    /// - Throws: `ExitCode` once the user has been told why there is none.
    func path() throws -> String {
        if let file { return file }
        let flags = try ConfigurationFlags.parse(config.map { ["--config", $0] } ?? [])
        do throws(ConfigurationError) {
            if let path = try flags.load().tokens { return path }
        } catch {
            throw error.told
        }
        throw ValidationError("The setting tokens names no file: name one with --file FILE.")
    }

    /// What a command about the file does.
    /// - Throws: `ExitCode` once the user has been told what is wrong with the file.
    static func telling<Result>(_ body: () throws(TokenFileError) -> Result) throws -> Result {
        do throws(TokenFileError) {
            return try body()
        } catch {
            say(error.description.split(separator: "\n").map { "tpud: \($0)" }.joined(separator: "\n"))
            throw ExitCode.failure
        }
    }

    /// Says something beside what the command prints.
    static func say(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
}
