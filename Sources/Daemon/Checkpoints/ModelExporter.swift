import API
import DequeModule
import Glibc
package import Logging
package import Reactor
import WorkerProtocol

/// Makes the files of ONNX that clients ask for, each in a process of its own, one at a time: the daemon knows nothing of models.
// @unchecked: touched on the reactor's thread alone, which every entry asserts.
package final class ModelExporter: @unchecked Sendable {
    private let reactor: EventLoop
    private let program: WorkerProgram
    private let configuration: LiveConfiguration
    private let log: Logger
    private var isBusy = false
    private var waiting: Deque<CheckedContinuation<Void, Never>> = []

    /// How many may wait for their turn.
    private static let longestLine = 16
    /// Bytes of the longest reason that is read.
    private static let longestReason = 4096

    /// None is made yet.
    ///
    /// - Parameter program: What export processes run.
    package init(reactor: EventLoop, program: WorkerProgram, configuration: LiveConfiguration, log: Logger) {
        self.reactor = reactor
        self.program = program
        self.configuration = configuration
        self.log = log
    }

    /// Makes the file of a checkpoint. It has no name: whoever has the descriptor has it.
    ///
    /// - Parameters:
    ///   - modelDirectory: The job's folder.
    ///   - step: The checkpoint's.
    /// - Returns: The descriptor of the file, whose owner is the caller, and how long it is.
    /// - Throws: `Problem`.
    func export(modelDirectory: String, step: Int) async throws -> (descriptor: Int32, length: Int) {
        reactor.assertOnReactor()
        guard waiting.count < Self.longestLine else {
            throw Problem(.checksBusy, detail: "Too many models wait to be exported; try again later")
        }
        if isBusy { await withCheckedContinuation { waiting.append($0) } }
        // Whoever is next takes over, and nobody comes between.
        isBusy = true
        defer { if let next = waiting.popFirst() { next.resume() } else { isBusy = false } }
        let file = try await DiskWork.run { () throws(SystemError) in try Self.unnamedFile(in: modelDirectory) }
        do {
            return (file, try await run(modelDirectory, step, file))
        } catch {
            SystemCall.close(file)
            throw error
        }
    }

    private func run(_ modelDirectory: String, _ step: Int, _ file: Int32) async throws -> Int {
        let current = configuration.current
        var arguments = program.arguments
        arguments += ["--model-directory", modelDirectory, "--step", "\(step)"]
        for root in current.dataRoots { arguments += ["--data-root", root] }
        arguments += ["--seconds", "\(max(1, Int(current.checkTimeout.rounded(.up))))"]
        arguments += ["--memory", "\(current.checkMemoryBytes)"]
        let (input, output) = (dup(file), dup(STDERR_FILENO))
        guard input >= 0, output >= 0 else {
            for descriptor in [input, output] where descriptor >= 0 { SystemCall.close(descriptor) }
            throw Problem.shortage("descriptors are short")
        }
        let kills = MemoryKills.count()
        let child = ChildProcess(
            ChildLaunch(
                executable: program.path, arguments: arguments, environment: ChildEnvironment.make(),
                workingDirectory: "/", standardInput: input, standardOutput: output)
        ) { _ in }
        let alarm = reactor.schedule(at: reactor.now + .seconds(2 * current.checkTimeout)) { child.kill() }
        let exit = await withTaskCancellationHandler {
            await child.exit
        } onCancel: {
            child.kill()
        }
        reactor.cancel(alarm)
        switch exit {
        case .exited(ExportExitStatus.done.rawValue): return try await DiskWork.run { try Self.length(of: file) }
        case .exited(ExportExitStatus.refused.rawValue):
            let reason = try await DiskWork.run { Self.reason(in: file) }
            throw Problem(.cannotExport, detail: "The model of this checkpoint can't be exported to ONNX: \(reason)")
        default:
            if Task.isCancelled { throw Problem(.overloaded, detail: "The export was broken off") }
            log.warning("a model could not be exported: \(exit)")
            throw Self.problem(exit, wasKilledForMemory: MemoryKills.count() > kills, current)
        }
    }

    private static func problem(_ exit: ChildExit, wasKilledForMemory: Bool, _ current: Configuration) -> Problem {
        switch exit {
        case .exited(ExportExitStatus.exhausted.rawValue):
            return Problem(
                .tooExpensive,
                detail:
                    "The export takes more than \(current.checkMemoryBytes) bytes of memory, which the daemon's setting "
                    + "check_memory_bytes allows")
        case .signaled(SIGKILL) where wasKilledForMemory:
            return Problem(.tooExpensive, detail: "The export takes more memory than the machine has")
        case .signaled(SIGXCPU), .signaled(SIGKILL):
            return Problem(
                .tooExpensive,
                detail: "The export takes longer than the daemon's setting check_timeout_seconds allows")
        case .notStarted: return Problem.shortage("a process for the export could not be started")
        case .exited, .signaled:
            return Problem(.internalError, detail: "The export ended without a model; the daemon's log has more")
        }
    }

    /// A file that only its descriptor leads to.
    private static func unnamedFile(in folder: String) throws(SystemError) -> Int32 {
        var template = Array("\(folder)/.model.onnx.XXXXXX".utf8CString)
        // Child processes get no descriptor but the three that they are given.
        let file = mkstemp(&template)
        guard file >= 0 else { throw SystemError(call: "mkstemp", code: errno) }
        unlink(template)
        return file
    }

    private static func length(of file: Int32) throws(SystemError) -> Int {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw SystemError(call: "fstat", code: errno) }
        return Int(status.st_size)
    }

    private static func reason(in file: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: longestReason)
        // unsafe: the kernel fills the buffer, which lives through the call.
        let count = buffer.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
