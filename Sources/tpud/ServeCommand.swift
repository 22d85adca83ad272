import ArgumentParser
import Daemon
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// `tpud serve`: the daemon.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Run the daemon.")

    @OptionGroup var flags: ConfigurationFlags

    func run() async throws {
        let settings: Configuration
        do throws(ConfigurationError) {
            settings = try flags.load()
        } catch {
            throw error.told
        }
        let level = LineLogHandler.Level(settings.logLevel)
        let writer = try LogWriter(descriptor: STDERR_FILENO)
        // What was said last is why the daemon ended; a pipe that nobody reads does not keep it from ending.
        defer { writer.flush(within: .seconds(2)) }
        let environment = ProcessInfo.processInfo.environment
        let isJournal = JournalStream.isBehind(STDERR_FILENO, environment: environment)
        LoggingSystem.bootstrap { label in
            LineLogHandler(
                label: label, level: level, beginning: isJournal ? .priority : .time, wall: DaemonClock.system.wall,
                write: writer.write)
        }
        let log = Logger(label: "tpud")
        let flags = flags
        let processID = ProcessInfo.processInfo.processIdentifier
        let daemon = TrainingDaemon(
            settings,
            parts: TrainingDaemon.Parts(
                reload: { () throws(ConfigurationError) in try flags.load() }, program: .this,
                checkProgram: .check,
                notifier: ServiceNotifier(environment: environment, processID: processID),
                setLogLevel: { level.set($0) }, log: log, droppedLogLines: { writer.dropped }, writeLine: writer.write,
                inherited: SocketActivation.descriptors(environment: environment, processID: processID)))
        // Before anything is started: a SIGHUP that came earlier would end the process.
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        let listener = Task { for await _ in hangUps { daemon.reload() } }
        defer { listener.cancel() }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: daemon, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
        do {
            try await group.run()
        } catch {
            log.critical("\(error)")
            throw ExitCode.failure
        }
    }
}
