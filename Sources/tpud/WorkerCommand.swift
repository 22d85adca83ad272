import ArgumentParser
import Foundation
import Worker

/// `tpud worker`: runs one attempt of one job. The daemon starts it; standard input is the socket between the two.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Run one attempt of a job (internal).", shouldDisplay: false)

    @Option(help: "The process id of the daemon.")
    var daemon: Int32

    @Option(help: "The program that the job names, which this process becomes.")
    var program: String?

    @Option(help: "The program's path; not given where it is not listed any more.")
    var path: String?

    @Option(help: "Bytes of private memory that the program may have.")
    var memory: Int?

    func run() throws {
        WorkerMain.dieWithParent(daemon)
        MemoryPolicy.diesBeforeTheDaemon()
        MemoryPolicy.givesBackLargeBlocks()
        WorkerMain.stepBack()
        guard let program else { return Self.work(TrainingRunner(limitMemory: { MemoryPolicy.limit(to: $0) })) }
        guard let path else { return Self.work(ProgramRefusal(notListed: program)) }
        let code = ProgramProcess.become(path, memoryBytes: memory)
        Self.work(ProgramRefusal(notStarted: program, code: code))
    }

    private static func work(_ runner: some JobRunner) {
        let status = WorkerMain.run(socket: 0, log: 1, runner: runner) {
            // The daemon is gone: nothing that this process still did could be told to anybody.
            _exit(WorkerMain.ExitStatus.abandoned.rawValue)
        }
        // No destructors: threads of the job may still be there.
        _exit(status.rawValue)
    }
}
