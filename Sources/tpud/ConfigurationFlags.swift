import ArgumentParser
import Daemon
import Foundation

/// Where settings come from on the command line: a file, and a flag for every key of ``Setting/all``. Values stay text
/// here; the manifest checks them, so that a flag is held to the same rules as the file.
struct ConfigurationFlags: ParsableArguments {
    @Option(help: "The configuration file; without it /etc/tpud/tpud.yaml is read if it is there.")
    var config: String?

    @Option(help: "Host and port of the TCP listener.") var listen: String?
    @Option(help: "Path of a Unix socket to listen on as well.") var socket: String?
    @Option(
        name: .customLong("allowed-host"),
        help: "A name that a request's Host may have besides this machine's own; * for any; may be repeated.")
    var allowedHosts: [String] = []
    @Option(help: "true: the listener may be reached from other machines.") var allowRemote: String?
    @Option(help: "The file of the tokens that requests must bear.") var tokens: String?
    @Option(help: "Folder of the database, the model folders and the logs.") var stateDir: String?
    @Option(name: .customLong("data-root"), help: "A folder under which jobs may name files; may be repeated.")
    var dataRoots: [String] = []
    @Option(help: "The simulated TPU system, such as v2-8, v3-32 or 4h8c.") var pod: String?
    @Option(help: "Worker processes that run at once.") var workers: String?
    @Option(help: "Threads of one worker.") var threadsPerWorker: String?
    @Option(help: "Bytes of private memory that a worker may have.") var workerMemoryBytes: String?
    @Option(help: "Seconds between two heartbeats of a worker.") var heartbeatSeconds: String?
    @Option(help: "Seconds without a word after which a worker is killed.") var stallTimeoutSeconds: String?
    @Option(help: "Seconds without any work after which a worker is killed.") var hangTimeoutSeconds: String?
    @Option(help: "Seconds that a worker has to stop.") var stopTimeoutSeconds: String?
    @Option(
        name: .customLong("program"),
        help: "A program that jobs may name, as name=/path; may be repeated.")
    var programs: [String] = []
    @Option(help: "Processes that check specifications at once.") var checkers: String?
    @Option(help: "Seconds that the check of a specification may take.") var checkTimeoutSeconds: String?
    @Option(help: "Bytes of private memory that a check may take.") var checkMemoryBytes: String?
    @Option(help: "Bytes of a specification with its defaults filled in.") var maxSpecBytes: String?
    @Option(help: "Jobs that may wait before a submission is answered 429.") var queueLimit: String?
    @Option(help: "Jobs of one owner that may wait.") var ownerQueueLimit: String?
    @Option(help: "Requests a second that the name of a token may make.") var requestsPerSecond: String?
    @Option(help: "Threads that requests are served on, or auto.") var reactors: String?
    @Option(help: "Connections that are served at once.") var maxConnections: String?
    @Option(help: "Connections that one address may have.") var connectionsPerClient: String?
    @Option(help: "Bytes of a request's body.") var maxBodyBytes: String?
    @Option(help: "Seconds to the end of a request's head.") var headerTimeoutSeconds: String?
    @Option(help: "Seconds from a request's head to the end of its body.") var bodyTimeoutSeconds: String?
    @Option(help: "Seconds between two requests of a connection.") var idleTimeoutSeconds: String?
    @Option(help: "Bytes a second that a client must take of an answer.") var minReadRate: String?
    @Option(help: "The file of the keys that webhooks are signed with.") var webhookSecret: String?
    @Option(
        name: .customLong("webhook-network"),
        help: "An inner network that webhooks may lead to, such as 10.1.0.0/16; may be repeated.")
    var webhookNetworks: [String] = []
    @Option(help: "Seconds in which the receiver of a webhook must answer.") var webhookTimeoutSeconds: String?
    @Option(help: "Seconds between the first and the second try of a delivery.") var webhookBackoffSeconds: String?
    @Option(help: "Tries of a delivery.") var webhookMaxTries: String?
    @Option(help: "Seconds from SIGTERM to the daemon's exit.") var drainTimeoutSeconds: String?
    @Option(help: "Starts without a clean stop after which the jobs that ran are held.") var maxUncleanStarts: String?
    @Option(help: "combined, json or off: a line for each answered request.") var accessLog: String?
    @Option(help: "The file of the access log.") var accessLogFile: String?
    @Option(help: "Days for which it is kept who has asked what.") var auditDays: String?
    @Option(help: "The lowest level that is logged.") var logLevel: String?

    /// The file that is read where none is named.
    static let standardFile = "/etc/tpud/tpud.yaml"

    /// The flags that were given, by their setting's key.
    var flags: [String: [String]] {
        let single: [String: String?] = [
            "listen": listen, "socket": socket, "state_dir": stateDir, "pod": pod, "workers": workers,
            "threads_per_worker": threadsPerWorker, "worker_memory_bytes": workerMemoryBytes,
            "heartbeat_seconds": heartbeatSeconds,
            "stall_timeout_seconds": stallTimeoutSeconds, "hang_timeout_seconds": hangTimeoutSeconds,
            "stop_timeout_seconds": stopTimeoutSeconds,
            "checkers": checkers, "check_timeout_seconds": checkTimeoutSeconds, "check_memory_bytes": checkMemoryBytes,
            "max_spec_bytes": maxSpecBytes, "queue_limit": queueLimit, "owner_queue_limit": ownerQueueLimit,
            "requests_per_second": requestsPerSecond, "reactors": reactors,
            "max_connections": maxConnections, "connections_per_client": connectionsPerClient,
            "max_body_bytes": maxBodyBytes,
            "header_timeout_seconds": headerTimeoutSeconds, "body_timeout_seconds": bodyTimeoutSeconds,
            "min_read_rate": minReadRate, "allow_remote": allowRemote, "tokens": tokens,
            "idle_timeout_seconds": idleTimeoutSeconds, "drain_timeout_seconds": drainTimeoutSeconds,
            "max_unclean_starts": maxUncleanStarts, "log_level": logLevel,
            "access_log": accessLog, "access_log_file": accessLogFile, "audit_days": auditDays,
            "webhook_secret": webhookSecret, "webhook_timeout_seconds": webhookTimeoutSeconds,
            "webhook_backoff_seconds": webhookBackoffSeconds, "webhook_max_tries": webhookMaxTries,
        ]
        var flags = single.compactMapValues { $0.map { [$0] } }
        if !dataRoots.isEmpty { flags["data_roots"] = dataRoots }
        if !programs.isEmpty { flags["programs"] = programs }
        if !allowedHosts.isEmpty { flags["allowed_hosts"] = allowedHosts }
        if !webhookNetworks.isEmpty { flags["webhook_networks"] = webhookNetworks }
        return flags
    }

    /// Reads file, environment and flags, in this order, now: once at start and again at each SIGHUP.
    /// - Throws: ``ConfigurationError``; a named file that can't be read is one of its faults.
    func load() throws(ConfigurationError) -> Configuration {
        var sources: [SettingSource] = []
        let path = config ?? Self.standardFile
        if let text = try text(of: path) {
            sources.append(.file(text: text, name: URL(filePath: path).lastPathComponent))
        }
        sources.append(.environment(ProcessInfo.processInfo.environment))
        sources.append(.flags(flags))
        return try ConfigurationLoader(cores: ProcessInfo.processInfo.activeProcessorCount).load(sources)
    }

    /// The file's text; nil where nobody named it and it does not exist.
    private func text(of path: String) throws(ConfigurationError) -> String? {
        func fault(_ detail: String) -> ConfigurationError {
            ConfigurationError(faults: [.init(place: path, key: nil, detail: "can't be read: \(detail)")])
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT, config == nil { return nil }
            throw fault(String(cString: strerror(errno)))
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard let bytes = try? file.readToEnd() ?? Data() else { throw fault("it is not a file") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("it is not UTF-8 text") }
        return text
    }
}
