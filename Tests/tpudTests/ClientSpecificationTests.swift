import Formats
import Foundation
import Testing

/// What `tpuctl` makes of specifications: changed on the way, submitted again, compared; against the real daemon.
@Suite(.timeLimit(.minutes(10))) struct ClientSpecificationTests {
    private let daemon: DaemonProcess
    private let file: URL

    init() throws {
        daemon = try DaemonProcess(["--workers", "1"])
        file = FileManager.default.temporaryDirectory.appending(path: "tpud-spec-\(UUID()).json")
        try Data(Jobs.tiny(steps: 3, name: "first").serialized()).write(to: file)
    }

    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        try Binary.run(Binary.tpuctl, arguments + ["--url", "http://127.0.0.1:\(daemon.port)"])
    }

    private func job(_ name: String) throws -> JSON {
        let all = try daemon.json("/v1/jobs?name=\(name)")["jobs"]?.array ?? []
        return try daemon.json("/v1/jobs/\(#require(all.first?["id"]?.string))")
    }

    @Test func aJobIsSubmittedAgainWithChanges() throws {
        defer { try? FileManager.default.removeItem(at: file) }
        let submitted = try run([
            "submit", file.path, "--set", "train.max_steps=4", "--set", "/optimizer/SGD/momentum=0.5", "--label",
            "team=vision=2",
        ])
        #expect(submitted.status == 0, "\(submitted.output)")
        let first = try job("first")
        #expect(first["spec"]?["train"]?["max_steps"] == 4)
        #expect(first["spec"]?["optimizer"]?["SGD"] == ["learning_rate": 0.1, "momentum": 0.5])
        #expect(first["labels"] == ["team": "vision=2"])

        let cloned = try run([
            "clone", "first", "--set", "name=second", "--set", "model.0.Dense.units=3", "--set",
            #"model.1={"Dense":{"units":2}}"#, "--wait",
        ])
        #expect(cloned.status == 0 && cloned.output.contains("SUCCEEDED"), "\(cloned.output)")
        let second = try job("second")
        #expect(second["spec"]?["model"] == [["Dense": ["units": 3]], ["Dense": ["units": 2]]])
        #expect(second["spec"]?["train"] == first["spec"]?["train"] && second["labels"] == first["labels"])

        // A list of another length is shown whole, what only one has beside a dash.
        let difference = try run(["diff", "first", "second"])
        let ids = [first, second].compactMap { $0["id"]?.string }
        #expect(
            difference.output == """
                FIELD   \(ids[0])  \(ids[1])
                /name   "first"                     "second"
                /model  [{"Dense":{"units":2}}]     [{"Dense":{"units":3}},{"Dense":{"units":2}}]

                """)
        #expect(try run(["diff", "first", "first"]).output == "the specifications are the same\n")
        let json = try JSON(parsing: try run(["diff", "second", "first", "--output", "json"]).output)
        #expect(json[0] == ["field": "/name", "old": "second", "new": "first"] && json.array?.count == 2)
    }

    @Test func onlyWhatIsWrittenIsSent() throws {
        defer { try? FileManager.default.removeItem(at: file) }
        let plan = try run(["submit", file.path, "--set", "train.max_steps=0", "--dry-run"])
        #expect(plan.status == 4 && plan.output.contains("/train/max_steps"), "\(plan.output)")
        #expect(try daemon.json("/v1/jobs")["jobs"] == [])
    }

    @Test(arguments: [
        ("train.max_steps.more=1", "/train/max_steps/more: /train/max_steps is 3, which has no field more"),
        ("model.7=1", "/model is a list: expected the number of an element from 0, 1 to append, found 7"),
        ("model.last=1", "--set /model/last: /model is a list: expected the number"), ("max_steps", "'max_steps'"),
        ("=5", "'=5'"), ("/a~2=1", "'/a~2=1'"),
    ]) func aChangeThatCanNotBeMadeIsTold(change: String, words: String) throws {
        defer { try? FileManager.default.removeItem(at: file) }
        let (status, output) = try run(["submit", file.path, "--set", change])
        #expect(status == 2 && output.contains(words), "\(output)")
    }
}
