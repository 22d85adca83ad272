import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// What `tpuctl` asks of jobs and hosts, and how it follows events, against the real daemon.
@Suite(.timeLimit(.minutes(10))) struct ClientVerbTests {
    private static func run(
        _ arguments: [String], _ daemon: DaemonProcess
    ) throws -> (status: Int32, output: String) {
        try Binary.run(Binary.tpuctl, arguments + ["--url", "http://127.0.0.1:\(daemon.port)"])
    }

    @Test func everyVerbIsACommand() throws {
        let daemon = try DaemonProcess(["--workers", "1"])
        var spec = Jobs.tiny(steps: 100_000_000, name: "long")
        spec["run_config"] = ["save_checkpoints_steps": 1_000_000_000]
        let id = try daemon.submit(spec)
        _ = try daemon.job(id) { $0["state"] == "RUNNING" && $0["progress"]?["loss"]?.isNull == false }
        let checkpoint = try Self.run(["checkpoint", "long"], daemon)
        #expect(checkpoint.status == 0 && checkpoint.output == "\(id) RUNNING\n")
        _ = try daemon.job(id) { $0["latest_checkpoint"]?.isNull == false }
        #expect(try Self.run(["pause", id], daemon).status == 0)
        _ = try daemon.job(id) { $0["state"] == "PAUSED" }
        let paused = try Self.run(["checkpoint", id], daemon)
        #expect(paused.status == 4 && paused.output.contains("PAUSED"), "\(paused.output)")
        #expect(try Self.run(["resume", id], daemon).output.contains(id))
        #expect(try Self.run(["delete", id], daemon).status == 4)
        #expect(try Self.run(["kill", id, "--output", "json"], daemon).output.contains("\"state\""))
        _ = try daemon.final(id)
        #expect(try Self.run(["delete", id], daemon).output == "\(id) is deleted\n")
        #expect(try Self.run(["get", id], daemon).status == 4)
    }

    @Test func hostsAreDrainedAndRepaired() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        #expect(try Self.run(["host", "drain", "0"], daemon).output == "host 0 DRAINING\n")
        #expect(try Self.run(["topology"], daemon).output.contains("DRAINING"))
        #expect(try Self.run(["host", "fail", "0"], daemon).output == "host 0 DOWN\n")
        let refused = try Self.run(["host", "undrain", "0"], daemon)
        #expect(refused.status == 4 && refused.output.contains("DOWN"), "\(refused.output)")
        #expect(try Self.run(["host", "repair", "0", "--output", "json"], daemon).output.contains("\"UP\""))
        #expect(try Self.run(["host", "drain", "9"], daemon).status == 4)
        #expect(try Self.run(["host", "explode", "0"], daemon).status == 2)
    }

    /// The daemon goes away in the middle and comes back at the same address: no event is lost, none comes twice.
    @Test func eventsAreFollowedAcrossARestart() throws {
        let socket = "\(NSTemporaryDirectory())tpud-\(UUID().uuidString.prefix(8)).sock"
        defer { try? FileManager.default.removeItem(atPath: socket) }
        let arguments = ["--workers", "0", "--socket", socket]
        var daemon = try DaemonProcess(arguments)
        let id = try daemon.submit(Jobs.tiny())
        let process = Process()
        process.executableURL = URL(filePath: Binary.tpuctl)
        process.arguments = ["events", "-f", id, "--output", "json", "--url", "unix:\(socket)"]
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        try until("the stream is there") {
            String(decoding: try daemon.send("GET", "/metrics").body, as: UTF8.self).contains(
                "tpud_waiting_requests 1\n")
        }
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/pause").status == 202)
        #expect(daemon.terminate() == 0)
        daemon = try DaemonProcess(arguments, state: daemon.state)
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/resume").status == 202)
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/cancel").status == 202)
        let lines = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let events = try lines.split(separator: 10).map { try JSON(parsing: [UInt8]($0)) }
        #expect(events.compactMap { $0["to"]?.string } == ["QUEUED", "PAUSED", "QUEUED", "CANCELLED"])
        #expect(try events == daemon.json("/v1/jobs/\(id)/events")["events"]?.array)
    }

    @Test func theEventsOfAllJobsAreListed() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let ids = try (0..<3).map { _ in try daemon.submit(Jobs.tiny()) }
        let all = try Self.run(["events"], daemon)
        #expect(all.output.contains("JOB") && ids.allSatisfy { all.output.contains($0) }, "\(all.output)")
        let last = try Self.run(["events", "--tail", "1"], daemon)
        #expect(last.output.contains(ids[2]) && !last.output.contains(ids[1]), "\(last.output)")
        #expect(try Self.run(["events", "--tail", "1", "--after", "1"], daemon).status == 2)
        #expect(try Self.run(["events", "-f", "--limit", "1"], daemon).status == 2)
    }
}
