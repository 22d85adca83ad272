import Foundation
import Formats
import Glibc
import Testing

/// `tpuctl` as people and scripts use it, against the real daemon.
@Suite(.timeLimit(.minutes(10))) struct ClientTests {
    private let daemon: DaemonProcess
    private let address: String

    init() throws {
        daemon = try DaemonProcess(["--workers", "1"])
        address = "http://127.0.0.1:\(daemon.port)"
    }

    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        try Binary.run(Binary.tpuctl, arguments + ["--url", address])
    }

    private func submit(_ name: String, steps: Int = 3) throws -> String {
        var spec = Jobs.tiny(steps: steps)
        spec["name"] = .string(name)
        return try daemon.submit(spec)
    }

    @Test func aJobIsNamedByItsIdTheBeginningOfItOrItsName() throws {
        let first = try submit("first")
        let second = try submit("second")
        for words in [first, first.lowercased(), String(first.prefix(20)), "first"] {
            let (status, output) = try run(["get", words])
            #expect(status == 0 && output.contains(first), "\(words): \(output)")
        }
        let third = try submit("second")
        let several = try run(["get", "second"])
        #expect(several.status == 4 && several.output.contains(second) && several.output.contains(third))
        let common = String(zip(first, third).prefix { $0 == $1 }.map(\.0))
        #expect(try run(["get", common]).status == 4)
        let none = try run(["get", "nobody"])
        #expect(none.status == 4 && none.output.contains("no job has the id or the name"), "\(none.output)")
    }

    @Test func everyCommandHasWordsAndTheServersJSON() throws {
        let id = try submit("all", steps: 30)
        let waited = try run(["wait", id])
        #expect(waited.status == 0 && waited.output.contains("SUCCEEDED"), "\(waited.output)")
        for (arguments, words) in [
            (["get", id], ["state", "SUCCEEDED", "30 of 30", "submitted", "finished", "loss"]),
            (["list"], ["ID", "ATTEMPT", "PROGRESS", "AGE", "30/30 (100 %)"]),
            (["attempts", id], ["OUTCOME", "SUCCEEDED", "0 to 30"]),
            (["checkpoints", id], ["STEP", "GOOD", "KEPT BECAUSE", "FINAL"]),
            (["events", id], ["QUEUED", "STARTING to RUNNING", "CHECKPOINT"]),
            (["metrics", id], ["SERIES", "loss", "30"]), (["queue"], ["ID", "PRIORITY", "WAITS"]),
            (["topology"], ["pod v2-8", "8 of 8"]),
        ] {
            let text = try run(arguments)
            #expect(text.status == 0)
            for word in words { #expect(text.output.contains(word), "\(arguments): \(text.output)") }
            let json = try run(arguments + ["--output", "json"])
            #expect(json.status == 0)
            #expect((try? JSONSerialization.jsonObject(with: Data(json.output.utf8))) != nil, "\(json.output)")
        }
        let place = FileManager.default.temporaryDirectory.appending(path: "tpud-model-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: place) }
        #expect(try run(["download", id, "-o", place]).output == place + "\n")
        let size = try FileManager.default.attributesOfItem(atPath: place)[.size] as? Int
        #expect(size.map { $0 > 0 } == true)
        #expect(try run(["download", id, "--step", "7"]).status == 4)
        let other = try run(["download", id, "--file", "x"])
        #expect(other.status == 4 && other.output.contains("model.safetensors"), "\(other.output)")
    }

    /// For scripts, and for wide terminals.
    @Test func namesAloneAndMoreColumns() throws {
        let (first, second) = (try submit("first"), try submit("second"))
        for id in [first, second] { _ = try daemon.final(id) }
        #expect(try run(["list", "--output", "name"]).output == "\(second)\n\(first)\n")
        #expect(try run(["list", "--state", "failed", "--output", "name"]).output.isEmpty)
        #expect(try run(["get", "first", "--output", "name"]).output == "\(first)\n")
        #expect(try run(["wait", "first", "--output", "name"]).output == "\(first)\n")
        #expect(try run(["checkpoints", "first", "--output", "name"]).output == "3\n")
        #expect(try run(["queue", "--output", "name"]).output.isEmpty)
        let wide = try run(["list", "--output", "wide"]).output.split(separator: "\n")
        #expect(wide.count == 3 && wide[0].hasPrefix("ID") && wide[0].hasSuffix("LABELS"))
        #expect(wide[2].contains("SUCCEEDED") && wide[2].contains("train") && wide[2].contains("1x1"))
        #expect(try run(["get", "first", "--output", "wide"]).output == run(["get", "first"]).output)
    }

    @Test func theExitStatusSaysWhatHappened() throws {
        #expect(try Binary.run(Binary.tpuctl, ["--version"]).output.hasPrefix("0."))
        #expect(try run(["get"]).status == 2)
        #expect(try run(["fly"]).status == 2)
        let away = try Binary.run(Binary.tpuctl, ["list", "--url", "http://127.0.0.1:1"])
        #expect(away.status == 3 && away.output.contains("cannot reach the server"), "\(away.output)")
        let id = try submit("long", steps: 100_000_000)
        #expect(try run(["cancel", id]).status == 0)
        #expect(try run(["wait", id]).status == 1)
        let full = try Binary.run("/bin/sh", ["-c", "\(Binary.tpuctl) list --url \(address) > /dev/full"])
        #expect(full.status == 5 && full.output.contains("can't be written"), "\(full.output)")
        let head = try Binary.run("/bin/sh", ["-c", "\(Binary.tpuctl) events \(id) --url \(address) | head -1"])
        #expect(head.status == 0 && head.output.hasPrefix("SEQ"))
    }

    /// What is on this machine is never asked for at a proxy; what is elsewhere is.
    @Test func aProxyIsNotAskedForLoopback() throws {
        let proxy = try ScriptedDaemon { _ in .json(["jobs": []], status: 418) }
        let environment = ["http_proxy": proxy.address, "no_proxy": "", "NO_PROXY": ""]
        for host in ["127.0.0.1", "localhost"] {
            let asked = try Binary.run(
                Binary.tpuctl, ["list", "--url", "http://\(host):\(daemon.port)"], environment: environment)
            #expect(asked.status == 0 && asked.output.hasPrefix("ID"), "\(asked.output)")
        }
        let other = try Binary.run(Binary.tpuctl, ["list", "--url", "http://tpud.invalid"], environment: environment)
        #expect(other.status == 4 && other.output.contains("418"), "\(other.output)")
    }

    @Test func everyFaultIsToldOnce() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "tpud-spec-\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: file) }
        var spec = Jobs.tiny()
        spec["priority"] = "high"
        try Data(spec.serialized()).write(to: file)
        let one = try run(["submit", file.path])
        #expect(one.status == 4)
        #expect(one.output.components(separatedBy: "/priority").count == 2, "\(one.output)")
        spec["name"] = 1
        try Data(spec.serialized()).write(to: file)
        let two = try run(["submit", file.path])
        #expect(two.output.components(separatedBy: "/priority").count == 2, "\(two.output)")
        #expect(two.output.components(separatedBy: "/name").count == 2, "\(two.output)")
    }

    @Test func whoWaitsIsToldThatTheJobGoesOn() throws {
        let id = try submit("long", steps: 100_000_000)
        let process = Process()
        process.executableURL = URL(filePath: Binary.tpuctl)
        process.arguments = ["wait", id, "--url", address]
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        // Its first line says that it follows the job, and so that it listens for Ctrl-C.
        let first = pipe.fileHandleForReading.availableData
        kill(process.processIdentifier, SIGINT)
        let rest = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: first + rest, as: UTF8.self)
        #expect(process.terminationStatus == 130)
        #expect(text.contains("job \(id) goes on"), "\(text)")
        #expect(try daemon.json("/v1/jobs/\(id)")["finished_at"]?.isNull == true)
    }
}
