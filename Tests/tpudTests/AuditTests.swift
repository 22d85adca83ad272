import API
import Formats
import Foundation
import Testing
import Transfer

/// The audit trail of the real binary.
@Suite(.timeLimit(.minutes(10))) struct AuditTests {
    private let state: DaemonProcess.StateFolder
    private let file: String

    init() throws {
        state = try DaemonProcess.StateFolder()
        file = state.path + "/tokens"
    }

    private func add(_ role: Role, _ name: String) throws -> [(String, String)] {
        let script = "exec \"$0\" token add --role \(role.rawValue) --name \(name) --file \"$1\" 2> /dev/null"
        let (status, output) = try Binary.run("/bin/sh", ["-c", script, Binary.tpud, file])
        try #require(status == 0)
        return [("Authorization", "Bearer \(output.trimmingCharacters(in: .newlines))")]
    }

    private func audit(
        _ daemon: DaemonProcess, _ fields: [(String, String)], _ query: String = ""
    ) throws -> [JSON] {
        let reply = try daemon.send("GET", "/v1/audit\(query)", fields: fields)
        try #require(reply.status == 200)
        return try JSON(parsing: reply.body)["entries"]?.array ?? []
    }

    @Test func whoDidWhatIsKept() throws {
        let (alice, olga, root) = (try add(.submitter, "alice"), try add(.operator, "olga"), try add(.admin, "root"))
        var daemon = try DaemonProcess(["--tokens", file, "--workers", "0"], state: state)
        let taken = try daemon.send("POST", "/v1/jobs", body: Jobs.tiny().serialized(), fields: alice)
        let id = try #require(try JSON(parsing: taken.body)["id"]?.string)
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/pause", fields: olga).status == 202)
        #expect(try daemon.send("POST", "/v1/hosts/0/drain", fields: olga).status == 202)
        let change = Array("{\"priority\":7}".utf8)
        #expect(try daemon.send("PATCH", "/v1/jobs/\(id)", body: change, fields: alice).status == 200)
        let cancelled = try daemon.send("POST", "/v1/jobs/\(id)/cancel", fields: alice)
        #expect(cancelled.status == 202)
        // Neither what is so already nor what is refused.
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/cancel", fields: alice).status == 200)
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/pause", fields: alice).status == 409)
        #expect(try daemon.send("POST", "/v1/hosts/0/fail", fields: alice).status == 403)
        #expect(try daemon.send("DELETE", "/v1/jobs/\(id)", fields: alice).status == 204)
        daemon.kill()
        daemon = try DaemonProcess(["--tokens", file, "--workers", "0"], state: state)
        let entries = try audit(daemon, root)
        let words = entries.map { entry in
            ["principal", "verb", "result"].map { entry[$0]?.string ?? "" }.joined(separator: " ")
        }
        #expect(
            words == [
                "alice delete DELETED", "alice cancel CANCELLED", "alice change CHANGED", "olga drain DRAINING",
                "olga pause PAUSED", "alice submit QUEUED",
            ])
        #expect(entries[1]["request_id"]?.string == cancelled.field("x-request-id"))
        #expect(entries[1]["job_id"]?.string == id && entries[3]["host"] == 0 && entries[3]["job_id"] == .null)
        #expect(try audit(daemon, root, "?principal=olga").count == 2)
        #expect(try audit(daemon, root, "?job_id=\(id)&limit=2").count == 2)
        for fields in [alice, olga] {
            #expect(try daemon.send("GET", "/v1/audit", fields: fields).status == 403)
        }
        #expect(try daemon.send("GET", "/v1/audit").status == 401)
    }
}
