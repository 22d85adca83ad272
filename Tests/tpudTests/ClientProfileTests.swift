import API
import Formats
import Foundation
import Jobs
import Synchronization
import Testing
import Transfer

/// `tpuctl profile`, `profiles` and `spec`.
@Suite(.timeLimit(.minutes(5))) struct ClientProfileTests {
    private static func run(_ arguments: [String], _ url: String, in folder: URL? = nil) throws -> (
        status: Int32, output: String
    ) {
        try Binary.run(Binary.tpuctl, arguments + ["--url", url], in: folder)
    }

    private static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-profile-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test func aTraceIsWaitedForAndSaved() throws {
        let daemon = try DaemonProcess(["--workers", "1"])
        let url = "http://127.0.0.1:\(daemon.port)"
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        func saved(_ name: String) throws -> (text: Data, steps: Int) {
            let text = try Data(contentsOf: folder.appending(path: name))
            let events = try #require(try JSON(parsing: [UInt8](text))["traceEvents"]?.array)
            return (
                text,
                events.count { $0["cat"] == "device" && $0["name"]?.string?.hasPrefix("step ") == true }
            )
        }
        let id = try daemon.submit(Jobs.tiny(steps: 100_000_000, name: "long"))
        _ = try daemon.job(id) { $0["state"] == "RUNNING" }
        let first = try Self.run(["profile", "long", "--steps", "7"], url, in: folder)
        #expect(first.status == 0 && first.output == "profile-1.json\n", "\(first.output)")
        #expect(try saved("profile-1.json").steps == 7)
        // What an interrupted download of another one has left is not its beginning.
        try Data("[[[".utf8).write(to: folder.appending(path: "b.json.part"))
        let second = try Self.run(["profile", id, "-o", "b.json", "--output", "json"], url, in: folder)
        #expect(second.status == 0 && second.output.contains("\"profile\": 2"), "\(second.output)")
        #expect(try saved("b.json").steps == 10)
        let again = try Self.run(["profile", "long", "--number", "1", "-o", "-"], url)
        #expect(try again.status == 0 && Data(again.output.utf8) == saved("profile-1.json").text)

        let list = try Self.run(["profiles", "long"], url)
        let lines = list.output.split(separator: "\n")
        #expect(lines.count == 3 && lines[0].hasPrefix("NUMBER  STEPS"), "\(list.output)")
        #expect(lines[1].hasPrefix("2 ") && lines[2].hasPrefix("1 "))
        #expect(try Self.run(["profiles", "long", "--output", "name"], url).output == "2\n1\n")
        let json = try Self.run(["profiles", "long", "--output", "json"], url)
        #expect(try JSON(parsing: Array(json.output.utf8)) == daemon.json("/v1/jobs/\(id)/profiles"))

        let missing = try Self.run(["profile", "long", "--number", "3"], url)
        #expect(missing.status == 4 && missing.output.contains("no profile 3; it has 2, 1"), "\(missing.output)")
        #expect(try Self.run(["profile", "long", "--number", "1", "--steps", "3"], url).status == 2)
        let many = try Self.run(["profile", "long", "--steps", "1001"], url)
        #expect(many.status == 4 && many.output.contains("steps"), "\(many.output)")
        _ = try daemon.send("POST", "/v1/jobs/\(id)/cancel")
        _ = try daemon.final(id)
        let ended = try Self.run(["profile", "long"], url)
        #expect(ended.status == 4 && ended.output.contains("CANCELLED"), "\(ended.output)")
    }

    /// What the daemon says while the trace is made: not there yet, away for a while, there.
    @Test func aDaemonThatIsAwayForAWhileIsWaitedFor() throws {
        let id = JobID(milliseconds: 1_700_000_000_000, random: (0, 1))
        let at = Timestamp(seconds: 1_700_000_000)
        func job(_ state: JobState, attempt: Int) -> ScriptedDaemon.Answer {
            var job = JobView(
                id: id, name: "n", state: state, version: 7, mode: .train, owner: "me", createdAt: at, queuedAt: at,
                maxAttempts: 3, modelDir: "m", spec: nil)
            job.attempt = attempt
            return .json(job.wire)
        }
        func run(_ answers: [ScriptedDaemon.Answer]) throws -> (status: Int32, output: String, targets: [String]) {
            let targets = Mutex<[String]>([])
            let daemon = try ScriptedDaemon { target in
                let call = targets.withLock { targets in
                    targets.append(target)
                    return targets.count - 1
                }
                return answers[min(call, answers.count - 1)]
            }
            let (status, output) = try withExtendedLifetime(daemon) {
                try Self.run(["profile", id.description, "--steps", "3", "-o", "-"], daemon.address)
            }
            return (status, output, targets.withLock { $0 })
        }
        func list(_ numbers: [Int]) -> ScriptedDaemon.Answer {
            .json(
                ProfileList(
                    numbers.map { ProfileView(profile: $0, firstStep: 1, lastStep: 3, bytes: 2, createdAt: at) }
                ).wire)
        }
        let path = "/v1/jobs/\(id)"
        let found = try run([
            list([4]), job(.running, attempt: 1), list([4]), job(.running, attempt: 1),
            .json(Problem(503, detail: "it stops").wire, status: 503), list([4]), job(.running, attempt: 1),
            list([6, 5, 4]), .json(["a": 1]),
        ])
        #expect(found.status == 0 && found.output.hasSuffix("{\"a\":1}"), "\(found.output)")
        #expect(found.output.contains("it stops") && found.output.contains("the server is there again"))
        let wait = "\(path)?wait=500ms&since_version=7"
        #expect(
            found.targets == [
                "\(path)/profiles", "\(path)/profile?steps=3", "\(path)/profiles", wait, "\(path)/profiles",
                "\(path)/profiles", wait, "\(path)/profiles", "\(path)/profiles/5",
            ])
        // The attempt ends first: another one of the job knows nothing of it.
        for (state, attempt) in [(JobState.paused, 1), (.queued, 1), (.running, 2), (.failed, 1)] {
            let none = try run([list([]), job(.running, attempt: 1), list([]), job(state, attempt: attempt), list([])])
            #expect(none.status == 4, "\(state)")
            #expect(
                none.output.contains(
                    "attempt 1 of job \(id) ended before a step was traced; the job is \(state.rawValue)"),
                "\(none.output)")
        }
    }

    @Test func aSpecificationIsSubmittedAgain() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let url = "http://127.0.0.1:\(daemon.port)"
        let id = try daemon.submit(Jobs.tiny())
        let shown = try Self.run(["spec", "tiny"], url)
        #expect(shown.status == 0)
        #expect(try JSON(parsing: Array(shown.output.utf8)) == daemon.json("/v1/jobs/\(id)/spec"))
        let yaml = try Self.run(["spec", id, "--output", "yaml"], url)
        #expect(yaml.output.contains("train_batch_size: 8\n"), "\(yaml.output)")
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in [("a.json", shown.output), ("b.yaml", yaml.output)] {
            try Data(text.utf8).write(to: folder.appending(path: name))
            let again = try Self.run(["submit", name], url, in: folder)
            #expect(again.status == 0, "\(name): \(again.output)")
            let other = again.output.trimmingCharacters(in: .newlines)
            #expect(try Self.run(["diff", id, other], url).output == "the specifications are the same\n", "\(name)")
        }
        #expect(try Self.run(["spec", "nobody"], url).status == 4)
    }
}
