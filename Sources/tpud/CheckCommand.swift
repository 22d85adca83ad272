import ArgumentParser
import Checker
import Foundation
import Worker
import WorkerProtocol

/// `tpud check`: checks specifications. The daemon starts it; standard input is the socket between the two.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check specifications (internal).", shouldDisplay: false)

    @Option(help: "The process id of the daemon.")
    var daemon: Int32

    func run() throws {
        WorkerMain.dieWithParent(daemon)
        CheckerMain.prepare()
        _exit(CheckerMain.run(socket: 0, compiler: KerasCompiler(), limits: true).rawValue)
    }
}
