import API
import Formats
import Foundation
import Jobs
import Synchronization
import Testing
import Transfer

/// `tpuctl deliveries`, `redeliver` and `audit`.
@Suite(.timeLimit(.minutes(5))) struct ClientRecordsTests {
    private static let id = JobID(milliseconds: 1_700_000_000_000, random: (0, 1))
    private static let at = Timestamp(seconds: 1_700_000_000)

    private static func run(_ arguments: [String], _ daemon: DaemonProcess, token: String? = nil) throws -> (
        status: Int32, output: String
    ) {
        try Binary.run(
            Binary.tpuctl, arguments + ["--url", "http://127.0.0.1:\(daemon.port)"],
            environment: token.map { ["TPUD_TOKEN": $0] } ?? [:])
    }

    private static func run(
        _ arguments: [String], _ answer: @escaping @Sendable (String) -> ScriptedDaemon.Answer
    ) throws -> (status: Int32, output: String) {
        let daemon = try ScriptedDaemon(answer)
        return try withExtendedLifetime(daemon) {
            try Binary.run(Binary.tpuctl, arguments + ["--url", daemon.address])
        }
    }

    @Test func aDeadDeliveryIsSentAgain() throws {
        let receiver = try WebhookReceiver { _ in .answer(410) }
        let daemon = try DaemonProcess(["--workers", "0", "--webhook-network", "127.0.0.0/8"])
        var spec = Jobs.tiny()
        spec["webhooks"] = [["url": .string(receiver.url), "on": ["QUEUED"]]]
        let job = try daemon.submit(spec)
        try until("the delivery is dead") {
            try daemon.json("/v1/webhooks/deliveries?state=DEAD")["deliveries"]?.array?.count == 1
        }
        let list = try Self.run(["deliveries", "--state", "dead", "--job", "tiny"], daemon)
        let lines = list.output.split(separator: "\n")
        #expect(list.status == 0 && lines.count == 2 && lines[0].hasPrefix("ID "), "\(list.output)")
        for word in ["DEAD", "job.queued", job, "the receiver answered 410"] {
            #expect(lines.last?.contains(word) == true, "\(word): \(list.output)")
        }
        let id = try Self.run(["deliveries", "--output", "name"], daemon).output.trimmingCharacters(in: .newlines)
        #expect(id.hasPrefix("msg_"))
        #expect(try Self.run(["deliveries", "--state", "delivered", "--output", "name"], daemon).output.isEmpty)
        let json = try Self.run(["deliveries", "--output", "json"], daemon)
        #expect(try JSON(parsing: Array(json.output.utf8)) == daemon.json("/v1/webhooks/deliveries"))
        let wide = try Self.run(["deliveries", "--output", "wide"], daemon)
        #expect(wide.output.contains(receiver.url) && wide.output.contains("  410  "), "\(wide.output)")
        let again = try Self.run(["redeliver", id], daemon)
        #expect(again.status == 0 && again.output == "\(id) PENDING\n", "\(again.output)")
        #expect(try receiver.received(2).map(\.id) == [id, id])
        let none = try Self.run(["redeliver", "msg_0"], daemon)
        #expect(none.status == 4 && none.output.contains("(404)"), "\(none.output)")
        let state = try Self.run(["deliveries", "--state", "lost"], daemon)
        #expect(state.status == 4 && state.output.contains("state"), "\(state.output)")
    }

    @Test func theAuditTrailIsForAdmins() throws {
        let state = try DaemonProcess.StateFolder()
        let file = "\(state.path)/tokens"
        func add(_ role: Role, _ name: String) throws -> String {
            let script = "exec \"$0\" token add --role \(role.rawValue) --name \(name) --file \"$1\" 2> /dev/null"
            let (status, output) = try Binary.run("/bin/sh", ["-c", script, Binary.tpud, file])
            try #require(status == 0)
            return output.trimmingCharacters(in: .newlines)
        }
        let (olga, root) = (try add(.operator, "olga"), try add(.admin, "root"))
        let daemon = try DaemonProcess(["--workers", "0", "--tokens", file], state: state)
        let bearing = [("Authorization", "Bearer \(olga)")]
        let sent = try daemon.send("POST", "/v1/jobs", body: Jobs.tiny().serialized(), fields: bearing)
        let job = try #require(try JSON(parsing: sent.body)["id"]?.string)
        #expect(try Self.run(["host", "drain", "0"], daemon, token: olga).status == 0)
        #expect(try Self.run(["cancel", job], daemon, token: olga).status == 0)
        #expect(try Self.run(["delete", job], daemon, token: root).status == 0)
        let all = try Self.run(["audit"], daemon, token: root)
        let lines = all.output.split(separator: "\n")
        #expect(all.status == 0 && lines.count == 5 && lines[0].hasPrefix("NUMBER"), "\(all.output)")
        for (line, words) in zip(
            lines.dropFirst(),
            [
                ["root  delete", job, "DELETED"], ["olga  cancel", job, "CANCELLED"],
                ["olga  drain ", "host 0", "DRAINING"], ["olga  submit", job, "QUEUED"],
            ])
        {
            for word in words { #expect(line.contains(word), "\(word): \(line)") }
        }
        #expect(try Self.run(["audit", "--output", "name"], daemon, token: root).output == "4\n3\n2\n1\n")
        // One that is deleted has its id alone.
        let some = ["audit", "--job", job, "--principal", "olga", "--output", "name"]
        #expect(try Self.run(some, daemon, token: root).output == "3\n1\n")
        let refused = try Self.run(["audit"], daemon, token: olga)
        #expect(refused.status == 4 && refused.output.contains("(403)"), "\(refused.output)")
    }

    @Test func pagesFollowOneAnother() throws {
        let deliveries = DeliveryPage(
            [
                DeliveryView(
                    id: "msg_1", jobID: Self.id, url: "http://a", type: "job.failed", seq: 3, state: .pending,
                    createdAt: Self.at)
            ], nextPageToken: "12"
        ).wire
        let entries = AuditPage(
            [
                AuditEntryView(
                    number: 9, at: Self.at, principal: "eve", token: "k1", verb: "redeliver", deliveryID: "msg_1",
                    requestID: "r1", result: "PENDING")
            ], nextPageToken: "7"
        ).wire
        let targets = Mutex<[String]>([])
        let answer: @Sendable (String) -> ScriptedDaemon.Answer = { target in
            targets.withLock { $0.append(target) }
            return .json(target.hasPrefix("/v1/audit") ? entries : deliveries)
        }
        let states = ["--state", "dead", "--state", "pending"]
        let two = try Self.run(["deliveries", "--job", Self.id.description, "--limit", "2"] + states, answer)
        #expect(two.output.split(separator: "\n").count == 3, "\(two.output)")
        let wide = try Self.run(["audit", "--limit", "2", "--output", "wide"], answer)
        #expect(
            wide.output.hasPrefix("NUMBER") && wide.output.hasSuffix("  msg_1  PENDING  k1     r1\n"), "\(wide.output)")
        let path = "/v1/webhooks/deliveries"
        let query = "state=DEAD&state=PENDING&job_id=\(Self.id)"
        #expect(
            targets.withLock { $0 } == [
                "\(path)?limit=2&\(query)", "\(path)?limit=1&\(query)&page_token=12", "/v1/audit?limit=2",
                "/v1/audit?limit=1&page_token=7",
            ])
    }
}
