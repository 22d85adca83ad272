import ArgumentParser
import Foundation
import Worker

/// `tpud worker`: runs one attempt of one job. The daemon starts it; standard input is the socket between the two.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Run one attempt of a job (internal).", shouldDisplay: false)

    @Option(help: "The process id of the daemon.")
    var daemon: Int32

    func run() throws {
        WorkerMain.dieWithParent(daemon)
        MemoryPolicy.diesBeforeTheDaemon()
        MemoryPolicy.givesBackLargeBlocks()
        WorkerMain.stepBack()
        let status = WorkerMain.run(
            socket: 0, log: 1, runner: TrainingRunner(limitMemory: { MemoryPolicy.limit(to: $0) })
        ) {
            // The daemon is gone: nothing that this process still did could be told to anybody.
            _exit(WorkerMain.ExitStatus.abandoned.rawValue)
        }
        // No destructors: threads of the job may still be there.
        _exit(status.rawValue)
    }
}
