import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// The real daemon in a folder of its own, on a port of its own. It can be killed and started again on the same state.
final class RunningDaemon {
    let folder: URL
    let port: Int
    private let arguments: [String]
    private var process: Process?

    /// Starts a daemon whose data root is the examples' data.
    init(_ arguments: [String] = []) throws {
        folder = URL.temporaryDirectory.appending(path: "tpud-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: folder.appending(path: "tpud.log").path, contents: nil)
        port = try RunningDaemon.freePort()
        self.arguments =
            [
                "serve", "--listen", "127.0.0.1:\(port)", "--state-dir", folder.appending(path: "state").path,
                "--data-root", Binary.project.appending(path: "docs/examples/data").path,
            ] + arguments
        try start()
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    var address: String { "http://127.0.0.1:\(port)" }
    var client: TransferClient { get throws { try TransferClient(address: address) } }
    var pid: Int32 { process?.processIdentifier ?? 0 }
    var state: URL { folder.appending(path: "state") }
    var log: String { (try? String(contentsOf: folder.appending(path: "tpud.log"), encoding: .utf8)) ?? "" }

    /// Starts the program and returns when it is ready.
    func start() throws {
        let process = Process()
        process.executableURL = URL(filePath: Binary.tpud)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let log = try FileHandle(forWritingTo: folder.appending(path: "tpud.log"))
        try log.seekToEnd()
        process.standardError = log
        process.standardOutput = log
        try process.run()
        self.process = process
        try until("the daemon is ready") {
            guard process.isRunning else { throw Ended(log: self.log) }
            return (try? self.client.send(TransferRequest("GET", "/readyz", timeout: 5)).status) == 200
        }
    }

    /// `kill -9`, and waits for its end.
    func kill() {
        guard let process, process.isRunning else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// SIGTERM; returns the exit status.
    func terminate() throws -> Int32 {
        let process = try #require(process)
        Glibc.kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// The worker processes that are alive now: children of the daemon.
    var workers: [Int32] {
        let path = "/proc/\(pid)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return threads.flatMap { thread in
            ((try? String(contentsOfFile: "\(path)/\(thread)/children", encoding: .utf8)) ?? "")
                .split(separator: " ").compactMap { Int32($0.filter(\.isNumber)) }
        }
    }

    /// `GET target` as JSON; an error status is an error.
    func get(_ target: String) throws -> JSON {
        let reply = try client.send(TransferRequest("GET", target, timeout: 330))
        guard reply.status == 200 else { throw Unexpected(reply: reply) }
        return try JSON(parsing: reply.body)
    }

    /// `POST target` with a JSON body.
    func post(_ target: String, _ body: JSON? = nil, key: String? = nil) throws -> Reply {
        var request = TransferRequest("POST", target, timeout: 60)
        if let body {
            request.body = body.serialized()
            request.fields.append(("Content-Type", "application/json"))
        } else {
            request.body = []
        }
        if let key { request.fields.append(("Idempotency-Key", key)) }
        return try client.send(request)
    }

    /// Submits a job and returns its id.
    func submit(_ spec: JSON) throws -> String {
        let reply = try post("/v1/jobs", spec)
        guard reply.status == 201, let id = try JSON(parsing: reply.body)["id"]?.string else {
            throw Unexpected(reply: reply)
        }
        return id
    }

    /// The job once its state is final.
    func finished(_ id: String) throws -> JSON {
        while true {
            let job = try get("/v1/jobs/\(id)?until=terminal&wait=120s")
            if job["finished_at"]?.string != nil { return job }
        }
    }

    /// An answer that the test did not want.
    struct Unexpected: Error, CustomStringConvertible {
        let reply: Reply
        var description: String { "\(reply.status) \(String(decoding: reply.body, as: UTF8.self))" }
    }

    /// The daemon is not there any more.
    struct Ended: Error, CustomStringConvertible {
        let log: String
        var description: String { "the daemon ended: \(log.suffix(2000))" }
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port: UInt16 = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard bind(descriptor, $0, size) == 0, getsockname(descriptor, $0, &size) == 0 else { return 0 }
                return UnsafeRawPointer($0).load(fromByteOffset: 2, as: UInt16.self).bigEndian
            }
        }
        try #require(port != 0)
        return Int(port)
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

/// The job that the examples train, changed by the test.
func exampleJob(_ change: (inout JSON) -> Void = { _ in }) throws -> JSON {
    let file = Binary.project.appending(path: "docs/examples/digits-mlp.json")
    var job = try JSON(parsing: [UInt8](Data(contentsOf: file)))
    change(&job)
    return job
}
