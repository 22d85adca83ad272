import ArgumentParser
import Foundation
import Worker
import WorkerProtocol

/// `tpud export`: writes a checkpoint's model as a file of ONNX. The daemon starts it; standard input is that file.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a checkpoint's model as ONNX (internal).", shouldDisplay: false)

    @Option(help: "The process id of the daemon.") var daemon: Int32
    @Option(help: "The job's folder.") var modelDirectory: String
    @Option(help: "The checkpoint's step.") var step: Int
    @Option(name: .customLong("data-root"), help: "A folder that the job's files lie under.")
    var dataRoots: [String] = []
    @Option(help: "Seconds of processor time.") var seconds: Int
    @Option(help: "Bytes of memory.") var memory: Int

    func run() throws {
        WorkerMain.dieWithParent(daemon)
        ExportMain.prepare(seconds: seconds, memoryBytes: memory)
        _exit(
            ExportMain.run(modelDirectory: modelDirectory, step: step, dataRoots: dataRoots, output: 0).rawValue)
    }
}
