import Daemon
import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// Start, reload, drain and restart of the real binary.
@Suite(.serialized, .timeLimit(.minutes(10))) struct LifecycleTests {
    @Test func aDrainKeepsWhatRunsAndTheNextDaemonGoesOn() throws {
        let state = try DaemonProcess.StateFolder()
        let first = try DaemonProcess(["--workers", "1"], state: state)
        let id = try first.submit(Jobs.digits(steps: 20_000, checkpoints: 100_000))
        let queued = try first.submit(Jobs.tiny())
        _ = try first.job(id) { $0["progress"]?["loss"]?.isNull == false }
        #expect(first.terminate() == 0)

        let second = try DaemonProcess(["--workers", "1"], state: state)
        let job = try second.final(id)
        #expect(job["state"] == "SUCCEEDED" && job["result"]?["global_step"] == 20_000, "\(job)")
        let attempts = try second.json("/v1/jobs/\(id)/attempts")["attempts"]?.array ?? []
        #expect(attempts.map { $0["outcome"] } == ["INTERRUPTED", "SUCCEEDED"])
        #expect(attempts.last?["start_step"]?.int.map { $0 > 0 } == true, "\(attempts)")
        #expect(try second.final(queued)["state"] == "SUCCEEDED")
    }

    @Test func whileItDrainsItTakesNothing() throws {
        let daemon = try DaemonProcess(["--stop-timeout-seconds", "2", "--drain-timeout-seconds", "4"])
        let id = try daemon.submit(Jobs.tiny(steps: 100_000_000))
        _ = try daemon.job(id) { $0["progress"]?["loss"]?.isNull == false }
        let key = [("Idempotency-Key", "k")]
        let first = try daemon.send("POST", "/v1/jobs", body: Jobs.tiny().serialized(), fields: key)
        #expect(first.status == 201)
        kill(try #require(daemon.workers.first), SIGSTOP)
        kill(daemon.process.processIdentifier, SIGTERM)
        try daemon.waitForLine("draining")
        let ready = try daemon.send("GET", "/readyz")
        #expect(ready.status == 503)
        let refused = try daemon.send("POST", "/v1/jobs", body: Jobs.tiny().serialized())
        #expect(refused.status == 503 && refused.field("retry-after") != nil)
        // Whoever asks again learns what came of it, also now.
        let again = try daemon.send("POST", "/v1/jobs", body: Jobs.tiny().serialized(), fields: key)
        #expect(again.status == 201 && again.field("idempotency-replayed") == "true" && again.body == first.body)
        #expect(try daemon.send("GET", "/v1/jobs/\(id)").status == 200)
        daemon.process.waitUntilExit()
        #expect(daemon.process.terminationStatus == 0)
        try daemon.waitForLine("drained")
    }

    @Test func aSecondDaemonRefusesToStart() throws {
        let first = try DaemonProcess()
        let process = Process()
        process.executableURL = URL(filePath: Binary.tpud)
        process.arguments = ["serve", "--state-dir", first.state.path, "--listen", "127.0.0.1:0"]
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        #expect(text.contains("in use by another tpud (process \(first.process.processIdentifier))"), "\(text)")
    }

    @Test func aReloadSwapsAllOrNothing() throws {
        let state = try DaemonProcess.StateFolder()
        let file = state.path + "/tpud.yaml"
        try "queue_limit: 5\n".write(toFile: file, atomically: true, encoding: .utf8)
        let daemon = try DaemonProcess(["--config", file, "--workers", "1"], state: state)
        let long = try daemon.submit(Jobs.tiny(steps: 100_000_000))
        _ = try daemon.job(long) { $0["state"] == "RUNNING" }
        _ = try daemon.submit(Jobs.tiny())

        try "queue_limit: 1\nqueue: 2\n".write(toFile: file, atomically: true, encoding: .utf8)
        kill(daemon.process.processIdentifier, SIGHUP)
        try daemon.waitForLine("the configuration stays as it was")
        _ = try daemon.submit(Jobs.tiny())

        try "queue_limit: 1\npod: v3-32\n".write(toFile: file, atomically: true, encoding: .utf8)
        kill(daemon.process.processIdentifier, SIGHUP)
        try daemon.waitForLine("the configuration was read again")
        try daemon.waitForLine("pod has changed, which needs a restart")
        #expect(try daemon.send("POST", "/v1/jobs", body: Jobs.tiny().serialized()).status == 429)
        #expect(try daemon.json("/v1/topology")["pod"] == "v2-8")
    }

    @Test func everySettingHasItsFlag() throws {
        let process = Process()
        process.executableURL = URL(filePath: Binary.tpud)
        process.arguments = ["serve", "--help"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let help = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        for setting in Setting.all { #expect(help.contains("\(setting.flag) <"), "\(setting.flag)") }
        let flags = help.matches(of: /^  (--[a-z-]+) </.anchorsMatchLineEndings()).map { String($0.1) }
        #expect(Set(flags) == Set(Setting.all.map(\.flag) + ["--config"]))
    }

    @Test func theUnixSocketServes() throws {
        let state = try DaemonProcess.StateFolder()
        let path = state.path + "/s"
        let daemon = try DaemonProcess(["--socket", path], state: state)
        let client = try TransferClient(address: "unix:\(path)")
        #expect(try client.send(TransferRequest("GET", "/healthz")).status == 200)
        #expect(daemon.terminate() == 0)
    }

    @Test func aBackupOfARunningDaemonServes() throws {
        let daemon = try DaemonProcess()
        let id = try daemon.submit(Jobs.tiny())
        _ = try daemon.final(id)
        let copy = try DaemonProcess.StateFolder()
        let process = Process()
        process.executableURL = URL(filePath: Binary.tpud)
        process.arguments = ["backup", copy.path + "/tpud.sqlite", "--state-dir", daemon.state.path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let restored = try DaemonProcess(state: copy)
        #expect(try restored.json("/v1/jobs/\(id)")["state"] == "SUCCEEDED")
    }
}
