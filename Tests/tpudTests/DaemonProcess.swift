import Formats
import Foundation
import Glibc
import TestSupport
import Synchronization
import Testing
import Transfer

/// The real binary, serving a state folder of its own on a port of the kernel's choice. Its calls block.
// @unchecked: the process is started once, and Foundation guards it.
final class DaemonProcess: @unchecked Sendable {
    let state: StateFolder
    let process = Process()
    private let lines: LogLines
    private(set) var client: TransferClient
    /// The port that it listens on, once it serves.
    private(set) var port: UInt16 = 0

    /// A state folder that goes away with its last user.
    final class StateFolder: Sendable {
        let path: String

        init() throws {
            path = FileManager.default.temporaryDirectory.appending(path: "tpud-\(UUID())").path
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    /// The examples' data.
    static let data = ProjectFiles.root.appending(path: "docs/examples/data").path

    /// Starts it and waits until it serves. Jobs of a daemon that is killed again and again are not held unless the
    /// arguments say so.
    ///
    /// - Parameters:
    ///   - wrapper: A program with its arguments that runs the daemon; default none.
    ///   - environment: Variables beside those of the tests; default none.
    init(
        _ arguments: [String] = [], state: StateFolder? = nil, data: String = DaemonProcess.data,
        wrapper: [String] = [],
        environment: [String: String] = [:]
    ) throws {
        self.state = try state ?? StateFolder()
        // Replaced once the port is known.
        client = try TransferClient(address: "http://127.0.0.1:1")
        let command =
            wrapper + [
                Binary.tpud, "serve", "--state-dir", self.state.path, "--listen", "127.0.0.1:0", "--data-root", data,
            ]
            + ["--max-unclean-starts", "0"] + arguments
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TPUD_") }
            .merging(environment) { $1 }
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = pipe
        lines = LogLines(pipe.fileHandleForReading)
        try process.run()
        Orphans.add(process.processIdentifier)
        lines.start()
        let line = try waitForLine("serving pod")
        let address = try #require(line.split { $0 == " " || $0 == "," }.last { $0.hasPrefix("http") })
        client = try TransferClient(address: String(address))
        port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
    }

    deinit { kill() }

    /// Waits for a line of its log that contains `words`, at most 30 s.
    @discardableResult
    func waitForLine(_ words: String) throws -> String { try lines.wait(for: words) }

    /// All that it has logged.
    var log: [String] { lines.all }

    // MARK: Ends

    /// SIGKILL, and waits for the end.
    func kill() {
        guard process.isRunning else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// SIGTERM, and waits for the end.
    /// - Returns: the exit status; -1 when a signal ended it.
    func terminate() -> Int32 {
        Glibc.kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }

    /// The process ids of its workers.
    var workers: [Int32] {
        ProcessTable.children(of: process.processIdentifier, running: "worker")
    }

    /// The process ids of the processes that check specifications.
    var checkers: [Int32] {
        ProcessTable.children(of: process.processIdentifier, running: "check")
    }

    // MARK: Requests

    /// One request with an optional JSON body.
    @discardableResult
    func send(
        _ method: String = "GET", _ target: String, body: [UInt8]? = nil, fields: [(String, String)] = []
    ) throws -> Reply {
        var all = fields.map { (name: $0.0, value: $0.1) }
        if body != nil, !fields.contains(where: { $0.0.lowercased() == "content-type" }) {
            all.append((name: "Content-Type", value: "application/json"))
        }
        return try client.send(TransferRequest(method, target, fields: all, body: body, timeout: 330))
    }

    /// The JSON of a GET that must succeed.
    func json(_ target: String) throws -> JSON {
        let reply = try send("GET", target)
        try #require(reply.status == 200, "\(target): \(String(decoding: reply.body, as: UTF8.self))")
        return try JSON(parsing: reply.body)
    }

    /// Submits a job that must be taken; its id.
    func submit(_ spec: JSON) throws -> String {
        let reply = try send("POST", "/v1/jobs", body: spec.serialized())
        try #require(reply.status == 201, "\(String(decoding: reply.body, as: UTF8.self))")
        return try #require(try JSON(parsing: reply.body)["id"]?.string)
    }

    /// The job once it has a final state.
    func final(_ id: String) throws -> JSON {
        let job = try json("/v1/jobs/\(id)?until=terminal&wait=120s")
        try #require(job["finished_at"]?.isNull == false, "\(job["state"] ?? .null) \(log.suffix(5))")
        return job
    }

    /// The job once it satisfies a condition, asked again with every change of its version or every 50 ms.
    func job(_ id: String, until condition: (JSON) -> Bool) throws -> JSON {
        let limit = Date(timeIntervalSinceNow: 30)
        var version = 0
        while true {
            let job = try json("/v1/jobs/\(id)?wait=50ms&since_version=\(version)")
            if condition(job) { return job }
            try #require(limit.timeIntervalSinceNow > 0, "\(job)")
            try #require(job["finished_at"]?.isNull == true, "it ended before: \(job)")
            version = job["version"]?.int ?? 0
        }
    }
}

/// Processes that must not outlive the tests.
private enum Orphans {
    private static let all = Mutex<[Int32]>([])
    private static let once: Void = { atexit { Orphans.end() } }()

    static func add(_ process: Int32) {
        _ = once
        all.withLock { $0.append(process) }
    }

    private static func end() { for process in all.withLock({ $0 }) { Glibc.kill(process, SIGKILL) } }
}

/// What /proc says of processes.
enum ProcessTable {
    /// Children of a process, also those that have ended and that it has not waited for.
    static func children(of parent: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { stat($0)?.parent == parent }
    }

    /// Living children of a process that run a subcommand of it.
    static func children(of parent: Int32, running subcommand: String) -> [Int32] {
        children(of: parent).filter { process in
            guard stat(process)?.state != "Z" else { return false }
            let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
            return line.split(separator: 0).dropFirst().first.map { String(decoding: $0, as: UTF8.self) } == subcommand
        }
    }

    /// State and parent of a process.
    private static func stat(_ process: Int32) -> (state: Substring, parent: Int32)? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[end...].dropFirst(2).split(separator: " ")
        guard fields.count > 2, let parent = Int32(fields[1]) else { return nil }
        return (fields[0], parent)
    }

    /// How many descriptors and threads a process has, and its resident bytes.
    static func figures(of process: Int32) -> (descriptors: Int, threads: Int, resident: Int) {
        func count(_ folder: String) -> Int {
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/\(folder)").count) ?? 0
        }
        let pages = (try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8))?.split(separator: " ")
        return (count("fd"), count("task"), (pages.flatMap { Int($0[1]) } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))))
    }
}

/// Polls a condition of another process, which has no signal to wait for, a minute at most.
func until(_ what: String, _ condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try !condition() {
        try #require(ContinuousClock.now < deadline, "gave up waiting until \(what)")
        usleep(2000)
    }
}
