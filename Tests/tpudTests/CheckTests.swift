import Formats
import Foundation
import Glibc
import Jobs
import Synchronization
import Testing
import Transfer

/// Specifications that cost much, or end the process that checks them, against the real binary.
@Suite(.serialized, .timeLimit(.minutes(10))) struct CheckTests {
    /// A model of so many layers: what it costs grows with them.
    private static func deep(_ layers: Int) -> [UInt8] {
        var spec = Jobs.tiny()
        spec["model"] = .array((0..<layers).map { _ in ["Dense": ["units": 2]] })
        return spec.serialized()
    }

    private static func request(_ target: String, _ body: [UInt8]) -> TransferRequest {
        TransferRequest("POST", target, fields: [(name: "Content-Type", value: "application/json")], body: body)
    }

    @Test func otherRequestsAreAnsweredWhileManyDeepModelsAreChecked() throws {
        let daemon = try DaemonProcess(["--workers", "1", "--checkers", "2"])
        let id = try daemon.submit(Jobs.tiny())
        _ = try daemon.final(id)
        let body = Self.deep(1000)
        let statuses = Statuses()
        let clients = (0..<40).map { _ in
            Client(daemon.client) { client in
                let reply = try? client.send(Self.request("/v1/jobs?dry_run=true", body))
                statuses.add(reply?.status)
            }
        }
        try until("checks run") {
            let figures = String(decoding: try daemon.send("GET", "/metrics").body, as: UTF8.self)
            return figures.contains("tpud_checks{state=\"running\"} 2") || !statuses.all.isEmpty
        }
        for target in ["/healthz", "/readyz", "/v1/jobs", "/v1/jobs/\(id)/logs", "/v1/jobs/\(id)"] {
            #expect(try daemon.send("GET", target).status == 200)
        }
        #expect(daemon.workers.isEmpty)
        let checkers = daemon.checkers
        #expect(checkers.count == 2)
        #expect(daemon.terminate() == 0)
        for client in clients { client.join() }
        #expect(statuses.all.count == 40)
        #expect(statuses.all.allSatisfy { $0 == 200 || $0 == 503 || $0 == nil }, "\(statuses.all)")
        try until("no check is left") { checkers.allSatisfy { Glibc.kill($0, 0) != 0 } }
    }

    @Test func aFloodByOneClientLeavesAnotherItsTurn() throws {
        let folder = try DaemonProcess.StateFolder()
        let socket = folder.path + "/socket"
        let daemon = try DaemonProcess(["--workers", "0", "--checkers", "1", "--socket", socket])
        let target = "/v1/jobs?dry_run=true"
        func wait(for waiting: Int) throws {
            try until("\(waiting) wait") {
                let figures = String(decoding: try daemon.send("GET", "/metrics").body, as: UTF8.self)
                return figures.contains("tpud_checks{state=\"waiting\"} \(waiting)\n")
            }
        }
        #expect(try daemon.send("POST", target, body: Jobs.tiny().serialized()).status == 200)
        let checker = try #require(daemon.checkers.first)
        Glibc.kill(checker, SIGSTOP)
        defer { Glibc.kill(checker, SIGCONT) }
        let statuses = Statuses()
        let clients = (0..<65).map { index in
            Client(daemon.client) { client in
                statuses.add((try? client.send(Self.request(target, Self.deep(100 + index))))?.status)
            }
        }
        // One is being checked, and as many wait as may of one client.
        try wait(for: 64)
        let own = try daemon.send("POST", target, body: Jobs.tiny().serialized())
        let problem = try JSON(parsing: own.body)
        #expect(own.status == 503 && problem["code"] == "CHECKS_BUSY", "\(problem)")
        #expect(problem["detail"]?.string?.hasPrefix("64 of your specifications wait") == true, "\(problem)")
        #expect(own.field("retry-after").flatMap { Int($0) }.map { $0 > 0 } == true)
        let before = Statuses()
        let other = Client(try TransferClient(address: "unix:\(socket)")) { client in
            let status = (try? client.send(Self.request(target, Jobs.tiny().serialized())))?.status
            for each in [status] + statuses.all { before.add(each) }
        }
        try wait(for: 65)
        Glibc.kill(checker, SIGCONT)
        other.join()
        #expect(before.all.first == 200)
        // The one that was being checked, one turn, and what was answered before the other's thread had its answer.
        #expect(before.all.count < 32, "\(before.all.count - 1) others were answered before")
        for client in clients { client.join() }
        #expect(statuses.all == Array(repeating: 200, count: 65), "\(statuses.all)")
    }

    @Test func aCheckThatIsKilledFailsAloneAndTheNextOneWorks() throws {
        let daemon = try DaemonProcess(["--workers", "0", "--checkers", "1"])
        let statuses = Statuses()
        let body = Self.deep(9000)
        let client = Client(daemon.client) { client in
            statuses.add((try? client.send(Self.request("/v1/jobs?dry_run=true", body)))?.status)
        }
        try until("it is checked") { !daemon.checkers.isEmpty }
        for process in daemon.checkers { Glibc.kill(process, SIGKILL) }
        client.join()
        #expect(statuses.all == [422], "\(statuses.all)")
        try daemon.waitForLine("could not be checked")
        _ = try daemon.submit(Jobs.tiny())
    }

    @Test func aCheckPastItsTimeIsToldAndEnded() throws {
        let daemon = try DaemonProcess(["--workers", "0", "--check-timeout-seconds", "0.3", "--checkers", "1"])
        let reply = try daemon.send("POST", "/v1/jobs?dry_run=true", body: Self.deep(9900))
        let problem = try JSON(parsing: reply.body)
        #expect(reply.status == 422 && problem["code"] == "TOO_EXPENSIVE", "\(problem)")
        #expect(problem["detail"]?.string?.contains("check_timeout_seconds") == true)
        try until("its process is gone") { daemon.checkers.isEmpty }
    }

    @Test func aCheckPastItsMemoryIsToldAndEnded() throws {
        let daemon = try DaemonProcess([
            "--workers", "0", "--check-memory-bytes", "67108864", "--max-spec-bytes", "67108864",
        ])
        // Four million values in memory are far more than 64 MiB.
        let body = Array("{\"name\":[".utf8) + Array(String(repeating: "0,", count: 3_900_000).utf8) + Array("0]}".utf8)
        let reply = try daemon.send("POST", "/v1/jobs?dry_run=true", body: body)
        let problem = try JSON(parsing: reply.body)
        #expect(reply.status == 422, "\(problem)")
        #expect(["TOO_EXPENSIVE", "CHECK_FAILED"].contains(problem["code"]?.string), "\(problem)")
        _ = try daemon.submit(Jobs.tiny())
    }

    @Test func manyFaultsAreCountedAndNotAllTold() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        var text = "{"
        for index in 0..<100_000 { text += "\"field\(index)\":1," }
        let reply = try daemon.send("POST", "/v1/jobs", body: Array((text + "\"name\":\"a\"}").utf8))
        let problem = try JSON(parsing: reply.body)
        #expect(reply.status == 422 && reply.body.count < 200_000)
        #expect(problem["errors"]?.array?.count == 100)
        #expect(problem["detail"]?.string?.contains("more") == true, "\(problem["detail"] ?? .null)")
    }

    @Test func numbersPastTheirLimitsAreNamed() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let fields: [(String, JSON)] = [
            ("max_run_seconds", 1e21), ("start_deadline_seconds", 1e13), ("priority", 1_000_001),
            ("max_run_seconds", 315_360_001), ("start_deadline_seconds", 0),
        ]
        for (name, value) in fields {
            var spec = Jobs.tiny()
            spec[name] = value
            let reply = try daemon.send("POST", "/v1/jobs", body: spec.serialized())
            let problem = try JSON(parsing: reply.body)
            #expect(reply.status == 422 && problem["errors"]?[0]?["pointer"] == .string("/\(name)"), "\(problem)")
        }
        for (name, value) in [("max_run_seconds", 315_360_000), ("priority", -1_000_000)] as [(String, JSON)] {
            var spec = Jobs.tiny()
            spec[name] = value
            _ = try daemon.submit(spec)
        }
    }

    @Test func edgesOfTheLimitsRunOrAreRefused() throws {
        let daemon = try DaemonProcess(["--workers", "1"])
        // The object, params and its lists: 200 in all.
        func nested(_ lists: Int) -> [UInt8] {
            let text = Jobs.tiny().text.dropLast() + ",\"params\":{\"a\":"
            return Array(
                (text + String(repeating: "[", count: lists) + String(repeating: "]", count: lists) + "}}").utf8)
        }
        #expect(try daemon.send("POST", "/v1/jobs", body: nested(199)).status == 422)
        let reply = try daemon.send("POST", "/v1/jobs", body: nested(198))
        try #require(reply.status == 201, "\(String(decoding: reply.body, as: UTF8.self))")
        let limits = JSONLimits.own
        let id = try #require(try JSON(parsing: reply.body, limits: limits)["id"]?.string)
        let final = try daemon.send("GET", "/v1/jobs/\(id)?until=terminal&wait=60s").body
        let job = try JSON(parsing: final, limits: limits)
        #expect(job["state"] == "SUCCEEDED", "\(job["error"] ?? .null)")
        #expect(job["spec"]?["params"]?["a"]?.array != nil)

        var long = Jobs.tiny()
        long["params"] = ["a": .string(String(repeating: "x", count: 4 << 20))]
        let refused = try daemon.send("POST", "/v1/jobs", body: long.serialized())
        #expect(refused.status == 413)
        #expect(String(decoding: refused.body, as: UTF8.self).contains("max_spec_bytes"))
    }

    @Test func aKeyIsLookedUpBeforeAnythingElse() throws {
        let data = FileManager.default.temporaryDirectory.appending(path: "tpud-data-\(UUID())")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: data) }
        let file = data.appending(path: "d.csv")
        try Data(("a,label\n" + String(repeating: "1,0\n", count: 64)).utf8).write(to: file)
        var spec = Jobs.tiny()
        var train = spec["train"] ?? .null
        train["input"] = ["source": ["csv": ["path": "d.csv", "label": "label"]]]
        spec["train"] = train
        let key = [("Idempotency-Key", "k")]
        let daemon = try DaemonProcess(["--workers", "0", "--queue-limit", "1"], data: data.path)
        let first = try daemon.send("POST", "/v1/jobs", body: spec.serialized(), fields: key)
        try #require(first.status == 201, "\(String(decoding: first.body, as: UTF8.self))")
        // The file is gone and the queue is full.
        try FileManager.default.removeItem(at: file)
        let again = try daemon.send("POST", "/v1/jobs", body: spec.serialized(), fields: key)
        #expect(again.status == 201 && again.field("idempotency-replayed") == "true" && again.body == first.body)
        let other = try daemon.send("POST", "/v1/jobs", body: Array("nonsense".utf8), fields: key)
        #expect(other.status == 422)
        #expect(try daemon.send("POST", "/v1/jobs", body: Jobs.tiny().serialized()).status == 429)
    }
}

/// What the clients were answered; nil for no answer at all.
private final class Statuses: Sendable {
    private let values = Mutex<[Int?]>([])

    func add(_ status: Int?) { values.withLock { $0.append(status) } }
    var all: [Int?] { values.withLock { $0 } }
}

/// One request on a thread of its own, whose calls block.
private final class Client: Sendable {
    private let done = DispatchSemaphore(value: 0)

    init(_ client: TransferClient, _ body: @escaping @Sendable (TransferClient) -> Void) {
        let done = done
        Thread {
            body(client)
            done.signal()
        }.start()
    }

    func join() { done.wait() }
}
