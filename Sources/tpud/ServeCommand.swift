import ArgumentParser
import Daemon
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
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
            throw ValidationError(error.description)
        }
        let level = LogLevel(Logger.Level(rawValue: settings.logLevel) ?? .info)
        LoggingSystem.bootstrap { label in LeveledHandler(StreamLogHandler.standardError(label: label), level) }
        let log = Logger(label: "tpud")
        let flags = flags
        let daemon = Daemon(
            settings,
            parts: Daemon.Parts(
                reload: { () throws(ConfigurationError) in try flags.load() }, program: .this,
                compiler: KerasCompiler(),
                notifier: ServiceNotifier(
                    environment: ProcessInfo.processInfo.environment,
                    processID: ProcessInfo.processInfo.processIdentifier),
                setLogLevel: { level.set($0) }, log: log))
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

/// The level that is logged, which SIGHUP may change.
private final class LogLevel: Sendable {
    private let level: Mutex<Logger.Level>

    init(_ level: Logger.Level) { self.level = Mutex(level) }

    var current: Logger.Level { level.withLock { $0 } }

    func set(_ level: Logger.Level) { self.level.withLock { $0 = level } }
}

/// A handler whose level is the shared one.
private struct LeveledHandler: LogHandler {
    private var base: StreamLogHandler
    private let level: LogLevel

    init(_ base: StreamLogHandler, _ level: LogLevel) {
        self.base = base
        self.level = level
        self.base.logLevel = .trace
    }

    var logLevel: Logger.Level {
        get { level.current }
        set { level.set(newValue) }
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) { base.log(event: event) }
}
