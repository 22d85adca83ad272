import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// The access log of the real binary.
@Suite(.timeLimit(.minutes(10))) struct RequestLogTests {
    private let state: DaemonProcess.StateFolder

    init() throws { state = try DaemonProcess.StateFolder() }

    @Test(arguments: [true, false]) func answeredRequestsAreLogged(toFile: Bool) throws {
        let file = state.path + "/tokens"
        let script = "exec \"$0\" token add --role submitter --name alice --file \"$1\" 2> /dev/null"
        let (status, output) = try Binary.run("/bin/sh", ["-c", script, Binary.tpud, file])
        try #require(status == 0)
        let alice = [("Authorization", "Bearer \(output.trimmingCharacters(in: .newlines))")]
        let log = state.path + "/access.log"
        let arguments = ["--tokens", file, "--workers", "0", "--access-log", "json"]
        let daemon = try DaemonProcess(arguments + (toFile ? ["--access-log-file", log] : []), state: state)
        func lines(of path: String) throws -> [JSON] {
            let text = toFile ? try String(contentsOfFile: path, encoding: .utf8) : daemon.log.joined(separator: "\n")
            return text.split(separator: "\n").filter { $0.hasPrefix("{") }.compactMap {
                try? JSON(parsing: String($0))
            }
        }
        let good = try daemon.send("GET", "/v1/jobs?name=hidden", fields: alice)
        #expect(try daemon.send("GET", "/v1/jobs?name=hidden").status == 401)
        try until("both are logged") { try lines(of: log).count == 2 }
        let all = try lines(of: log)
        #expect(all[0]["principal"] == "alice" && all[0]["path"] == "/v1/jobs" && all[0]["status"] == 200)
        #expect(all[0]["bytes"]?.int == good.body.count && all[0]["complete"] == true && all[0]["peer"] == "127.0.0.1")
        #expect(all[0]["request_id"]?.string == good.field("x-request-id"))
        #expect(all[1]["principal"] == .null && all[1]["status"] == 401)
        let text = all.map(\.text).joined()
        #expect(!text.contains("hidden") && !text.contains(alice[0].1.suffix(64)))
        guard toFile else { return }
        try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
        kill(daemon.process.processIdentifier, SIGHUP)
        try until("the file is there again") { FileManager.default.fileExists(atPath: log) }
        _ = try daemon.send("GET", "/healthz")
        #expect(daemon.terminate() == 0)
        #expect(try lines(of: log).map { $0["path"] } == ["/healthz"] && lines(of: log + ".1").count == 2)
    }
}
