import API
import Daemon
import Formats
import Foundation
import Glibc
import Synchronization
import Testing
import Transfer

/// Webhooks of the real binary, to real receivers that fail, hang, redirect, and then answer.
@Suite(.timeLimit(.minutes(10))) struct WebhookTests {
    /// Waits that tests have time for; loopback is an inner address.
    private static let settings = [
        "--webhook-network", "127.0.0.0/8", "--webhook-backoff-seconds", "0.02", "--webhook-timeout-seconds", "1",
    ]

    private static func daemon(
        _ arguments: [String] = [], workers: String = "1", state: DaemonProcess.StateFolder? = nil
    ) throws -> DaemonProcess {
        try DaemonProcess(["--workers", workers] + settings + arguments, state: state)
    }

    private static func job(_ url: String, on states: [String]? = nil) -> JSON {
        var job = Jobs.tiny()
        var webhook: JSON = ["url": .string(url)]
        if let states { webhook["on"] = JSON(states) }
        job["webhooks"] = [webhook]
        return job
    }

    private static func deliveries(_ daemon: DaemonProcess, _ query: String = "") throws -> [JSON] {
        try daemon.json("/v1/webhooks/deliveries\(query)")["deliveries"]?.array ?? []
    }

    /// The delivery once it has this state.
    private static func delivery(_ daemon: DaemonProcess, _ state: String) throws -> JSON {
        var found: JSON?
        try until("a delivery is \(state)") {
            found = try deliveries(daemon).first { $0["state"]?.string == state }
            return found != nil
        }
        return try #require(found)
    }

    private static func secret(of daemon: DaemonProcess) throws -> WebhookSecret {
        try WebhookSecret(String(contentsOfFile: "\(daemon.state.path)/webhook-secret", encoding: .utf8))
    }

    @Test func aReceiverIsToldOfEachStateItAskedFor() throws {
        let receiver = try WebhookReceiver { _ in .answer(204) }
        let daemon = try Self.daemon()
        let id = try daemon.submit(Self.job(receiver.url, on: ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED"]))
        _ = try daemon.final(id)
        let all = try receiver.received(3)
        #expect(Set(all.map(\.type)) == ["job.queued", "job.running", "job.succeeded"])
        let secret = try Self.secret(of: daemon)
        for request in all {
            let seconds = try #require(request.fields["webhook-timestamp"].flatMap { Int($0) })
            #expect(abs(Double(seconds) - Date().timeIntervalSince1970) < 60)
            #expect(
                request.fields["webhook-signature"]
                    == secret.signature(id: request.id, timestamp: seconds, body: request.body))
            #expect(request.target == "/hook" && request.fields["content-type"] == "application/json")
            #expect(request.json["data"]?["job_id"]?.string == id && request.json["data"]?["name"] == "tiny")
        }
        // What is told is the event as the API tells it.
        let events = try daemon.json("/v1/jobs/\(id)/events")["events"]?.array ?? []
        let told = all.compactMap { $0.json["data"]?["event"] }
        #expect(told.allSatisfy(events.contains))
        try until("all are delivered") { try Self.deliveries(daemon, "?state=DELIVERED").count == 3 }
        let first = try Self.deliveries(daemon)[0]
        #expect(first["type"] == "job.succeeded" && first["attempts"] == 1 && first["last_status"] == 204)
        #expect(first["job_id"]?.string == id && first["last_error"] == .null && first["next_attempt_at"] == .null)
        #expect(try Self.deliveries(daemon, "?state=PENDING").isEmpty)
        #expect(try Self.deliveries(daemon, "?job_id=\(id)&limit=2").count == 2)
        let metrics = String(decoding: try daemon.send("GET", "/metrics").body, as: UTF8.self)
        #expect(metrics.contains("tpud_webhook_attempts_total{result=\"delivered\"} 3"))
        #expect(metrics.contains("tpud_webhook_pending 0"))
    }

    /// Fails, hangs up, hangs, redirects; then it takes it: the same delivery each time.
    @Test func aReceiverThatDoesNotTakeItIsAskedAgain() throws {
        let count = Mutex(0)
        let elsewhere = try WebhookReceiver { _ in .answer(200) }
        let location = elsewhere.url
        let receiver = try WebhookReceiver { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return switch number {
            case 1: .answer(500)
            case 2: .hangUp
            case 3: .hang
            case 4: .answer(307, fields: [("Location", location)])
            default: .answer(200)
            }
        }
        let daemon = try Self.daemon(workers: "0")
        let id = try daemon.submit(Self.job(receiver.url + "?token=hidden"))
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/cancel").status == 202)
        let all = try receiver.received(5)
        #expect(Set(all.map(\.id)).count == 1 && Set(all.map(\.body)).count == 1 && all[0].type == "job.cancelled")
        let delivery = try Self.delivery(daemon, "DELIVERED")
        #expect(delivery["attempts"] == 5 && delivery["id"]?.string == all[0].id)
        #expect(elsewhere.received.isEmpty)
        let log = daemon.log.joined(separator: "\n")
        for words in ["answered 500", "did not answer in time", "answered 307: redirections are not followed"] {
            #expect(log.contains(words), "\(words)")
        }
        // Neither what may be a secret of the address nor the key is told.
        let key = try String(contentsOfFile: "\(daemon.state.path)/webhook-secret", encoding: .utf8)
        #expect(!log.contains("hidden") && !log.contains("/hook") && !log.contains(key.prefix(20)))
    }

    @Test func whatNobodyTakesIsDeadUntilSomebodyAsksForIt() throws {
        let takes = Atomic(false)
        let receiver = try WebhookReceiver { _ in takes.load(ordering: .acquiring) ? .answer(200) : .answer(404) }
        let daemon = try Self.daemon(["--webhook-max-tries", "3"], workers: "0")
        let id = try daemon.submit(Self.job(receiver.url, on: ["QUEUED"]))
        var delivery = try Self.delivery(daemon, "DEAD")
        #expect(delivery["attempts"] == 3 && delivery["last_status"] == 404 && delivery["job_id"]?.string == id)
        #expect(delivery["last_error"] == "the receiver answered 404")
        let path = "/v1/webhooks/deliveries/\(delivery["id"]?.string ?? "")/redeliver"
        takes.store(true, ordering: .releasing)
        let again = try daemon.send("POST", path, fields: [("Idempotency-Key", "once")])
        #expect(again.status == 202)
        delivery = try Self.delivery(daemon, "DELIVERED")
        #expect(delivery["attempts"] == 4)
        #expect(try receiver.received(4).count == 4)
        let replayed = try daemon.send("POST", path, fields: [("Idempotency-Key", "once")])
        #expect(replayed.status == 202 && replayed.field("idempotency-replayed") == "true")
        #expect(replayed.body == again.body && receiver.received.count == 4)
        let missing = try daemon.send("POST", "/v1/webhooks/deliveries/msg_0/redeliver")
        #expect(missing.status == 404 && String(decoding: missing.body, as: UTF8.self).contains("NO_SUCH_DELIVERY"))
        #expect(try daemon.send("POST", path, body: Array("{\"x\":1}".utf8)).status == 422)
    }

    /// Loopback by number, by name, and in other ways to write it; nothing is sent there, and nobody is told where it leads.
    @Test(arguments: ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "0"])
    func anInnerAddressIsRefused(host: String) throws {
        let receiver = try WebhookReceiver { _ in .answer(200) }
        let daemon = try DaemonProcess([
            "--workers", "0", "--webhook-backoff-seconds", "0.01", "--webhook-max-tries", "2",
        ])
        _ = try daemon.submit(Self.job("http://\(host):\(receiver.port)/hook", on: ["QUEUED"]))
        let delivery = try Self.delivery(daemon, "DEAD")
        #expect(delivery["last_error"]?.string?.contains("webhook_networks does not allow") == true, "\(delivery)")
        #expect(delivery["last_status"] == .null && receiver.received.isEmpty)
    }

    /// The daemon is killed again and again: everything is told at least once, and what comes twice has the same id.
    @Test func nothingIsLostWhenTheDaemonIsKilled() throws {
        let count = Mutex(0)
        let receiver = try WebhookReceiver { _ in
            // Every other one is lost on the way back.
            count.withLock { count in
                count += 1
                return count % 2 == 0 ? .answer(200) : .hangUp
            }
        }
        let state = try DaemonProcess.StateFolder()
        var jobs: Set<String> = []
        for _ in 0..<4 {
            let daemon = try Self.daemon(workers: "0", state: state)
            for _ in 0..<5 {
                jobs.insert(try daemon.submit(Self.job(receiver.url, on: ["QUEUED"])))
            }
            daemon.kill()
        }
        let daemon = try Self.daemon(workers: "0", state: state)
        try until("nothing waits") { try Self.deliveries(daemon, "?state=PENDING").isEmpty }
        let all = receiver.received
        #expect(Set(all.compactMap { $0.json["data"]?["job_id"]?.string }) == jobs)
        #expect(Set(all.map(\.id)).count == jobs.count)
        for (id, requests) in Dictionary(grouping: all, by: \.id) {
            #expect(Set(requests.map(\.body)).count == 1, "\(id)")
        }
        #expect(daemon.terminate() == 0)
    }

    /// One receiver that hangs keeps the others from nothing, nor the daemon from ending.
    @Test func aReceiverThatHangsKeepsNobodyWaiting() throws {
        let slow = try WebhookReceiver { _ in .hang }
        let quick = try WebhookReceiver { _ in .answer(200) }
        let daemon = try DaemonProcess([
            "--workers", "0", "--webhook-network", "127.0.0.1", "--webhook-timeout-seconds", "60",
        ])
        for _ in 0..<10 { _ = try daemon.submit(Self.job(slow.url, on: ["QUEUED"])) }
        for _ in 0..<10 { _ = try daemon.submit(Self.job(quick.url, on: ["QUEUED"])) }
        #expect(try quick.received(10).count == 10)
        // Two at a time go to one receiver.
        #expect(try slow.received(2).count == 2)
        let begun = ContinuousClock.now
        #expect(daemon.terminate() == 0)
        #expect(ContinuousClock.now - begun < .seconds(10))
    }

    @Test func theOperatorsOwnKeysSignAndAreReadAgain() throws {
        let receiver = try WebhookReceiver { _ in .answer(200) }
        let state = try DaemonProcess.StateFolder()
        let file = "\(state.path)/keys"
        func write(_ keys: String...) throws -> WebhookSecret {
            try keys.joined(separator: "\n").write(toFile: file, atomically: false, encoding: .utf8)
            chmod(file, 0o600)
            return try WebhookSecret(keys.joined(separator: "\n"))
        }
        let (one, two) = (
            "whsec_\(String(repeating: "A", count: 32))", "whsec_\(String(repeating: "B", count: 32))"
        )
        func signed(_ number: Int, by secret: WebhookSecret) throws -> Bool {
            let request = try receiver.received(number)[number - 1]
            let seconds = Int(request.fields["webhook-timestamp"] ?? "") ?? 0
            return request.fields["webhook-signature"]
                == secret.signature(id: request.id, timestamp: seconds, body: request.body)
        }
        var secret = try write(one)
        let daemon = try Self.daemon(["--webhook-secret", file], workers: "0", state: state)
        #expect(!FileManager.default.fileExists(atPath: "\(state.path)/webhook-secret"))
        _ = try daemon.submit(Self.job(receiver.url, on: ["QUEUED"]))
        #expect(try signed(1, by: secret))
        secret = try write(two, one)
        kill(daemon.process.processIdentifier, SIGHUP)
        try daemon.waitForLine("the configuration was read again")
        // The keys are read right after; a signature by the old one alone would have one part.
        try until("both keys sign") {
            let count = receiver.received.count
            _ = try daemon.submit(Self.job(receiver.url, on: ["QUEUED"]))
            return try signed(try receiver.received(count + 1).count, by: secret)
        }
        chmod(file, 0o644)
        kill(daemon.process.processIdentifier, SIGHUP)
        try daemon.waitForLine("stay as they were")
        let check = try Binary.run(Binary.tpud, ["check-config", "--webhook-secret", file])
        #expect(check.status == 64 && check.output.contains("read by everybody"), "\(check.output)")
        #expect(!check.output.contains("AAAA"))
    }

    @Test func whoMaySendItAgain() throws {
        let state = try DaemonProcess.StateFolder()
        let file = "\(state.path)/tokens"
        func add(_ role: Role, _ name: String) throws -> [(String, String)] {
            let script = "exec \"$0\" token add --role \(role.rawValue) --name \(name) --file \"$1\" 2> /dev/null"
            let (status, output) = try Binary.run("/bin/sh", ["-c", script, Binary.tpud, file])
            try #require(status == 0)
            return [("Authorization", "Bearer \(output.trimmingCharacters(in: .newlines))")]
        }
        let (alice, bob, eve) = (try add(.submitter, "alice"), try add(.submitter, "bob"), try add(.viewer, "eve"))
        let receiver = try WebhookReceiver { _ in .answer(200) }
        let daemon = try Self.daemon(["--tokens", file], workers: "0", state: state)
        let body = Self.job(receiver.url, on: ["QUEUED"]).serialized()
        #expect(try daemon.send("POST", "/v1/jobs", body: body, fields: alice).status == 201)
        let list = try daemon.send("GET", "/v1/webhooks/deliveries", fields: eve)
        let id = try #require(try JSON(parsing: list.body)["deliveries"]?[0]?["id"]?.string)
        let path = "/v1/webhooks/deliveries/\(id)/redeliver"
        #expect(try daemon.send("GET", "/v1/webhooks/deliveries").status == 401)
        #expect(try daemon.send("POST", path, fields: eve).status == 403)
        let other = try daemon.send("POST", path, fields: bob)
        #expect(other.status == 403 && String(decoding: other.body, as: UTF8.self).contains("belongs to alice"))
        #expect(try daemon.send("POST", path, fields: alice).status == 202)
    }
}
