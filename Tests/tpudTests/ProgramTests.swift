import Formats
import Foundation
import Glibc
import TestSupport
import Testing
import Transfer

/// Programs that the operator lists, run by the real daemon: the example of docs/examples/library, and shell scripts that are not
/// what a program should be.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ProgramTests {
    private static let digits = Binary.folder.appending(path: "DigitsProgram").path

    private let folder: DaemonProcess.StateFolder

    init() throws { folder = try DaemonProcess.StateFolder() }

    /// The example's job.
    private static func job(_ change: (inout JSON) -> Void = { _ in }) throws -> JSON {
        let file = ProjectFiles.root.appending(path: "docs/examples/library/digits-program.json")
        var job = try JSON(parsing: [UInt8](Data(contentsOf: file)))
        change(&job)
        return job
    }

    private func daemon(
        _ arguments: [String] = [], programs: [String: String] = [:], state: DaemonProcess.StateFolder? = nil
    ) throws -> DaemonProcess {
        let all = ["digits": Self.digits].merging(programs) { $1 }.flatMap { ["--program", "\($0.key)=\($0.value)"] }
        return try DaemonProcess(all + arguments, state: state)
    }

    /// A shell script that is a program.
    private func script(_ name: String, _ text: String) throws -> String {
        let path = "\(folder.path)/\(name)"
        try Data("#!/bin/sh\n\(text)\n".utf8).write(to: URL(filePath: path))
        chmod(path, 0o755)
        return path
    }

    private func attempts(_ id: String, _ daemon: DaemonProcess) throws -> [JSON] {
        try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array ?? []
    }

    private func refusal(_ spec: JSON, _ daemon: DaemonProcess) throws -> [String] {
        let reply = try daemon.send("POST", "/v1/jobs", body: spec.serialized())
        #expect(reply.status == 422)
        let errors = try JSON(parsing: reply.body)["errors"]?.array ?? []
        return errors.map { "\($0["pointer"]?.string ?? "") \($0["detail"]?.string ?? "")" }
    }

    private func weights(_ id: String, _ daemon: DaemonProcess) throws -> String {
        let job = try daemon.final(id)
        #expect(job["state"] == "SUCCEEDED", "\(job)")
        return try #require(job["latest_checkpoint"]?["sha256"]?.string)
    }

    /// The processes that run the example for a daemon.
    private func workers(of daemon: DaemonProcess) -> [Int32] {
        ProcessTable.children(of: daemon.process.processIdentifier).filter { process in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe")) == Self.digits
        }
    }

    // MARK: To its end

    @Test func aProgramTrainsAndAllOfItIsTold() throws {
        let daemon = try daemon()
        let id = try daemon.submit(try Self.job())
        let job = try daemon.final(id)
        #expect(job["state"] == "SUCCEEDED" && job["attempt"] == 1, "\(job)")
        #expect(job["result"]?["global_step"] == 300 && job["progress"]?["target_step"] == 300)
        #expect(job["result"]?["evaluation"]?["accuracy"]?.double.map { $0 > 0.95 } == true, "\(job)")
        #expect(job["result"]?["evaluation"]?["global_step"] == 300 && job["result"]?["loss"]?.double != nil)
        let series = try #require(try daemon.json("/v1/jobs/\(id)/metrics")["series"])
        #expect(series["loss"]?.array?.count == 6 && series["eval/accuracy"]?.array?.count == 3, "\(series)")
        let checkpoints = try daemon.json("/v1/jobs/\(id)/checkpoints")["checkpoints"]?.array ?? []
        #expect(checkpoints.compactMap { $0["step"]?.int } == [300, 200, 100])
        let log = String(decoding: try daemon.send("GET", "/v1/jobs/\(id)/logs").body, as: UTF8.self)
        #expect(log.contains("Evaluation at step 300, 288 rows") && log.contains("Ended at step 300"), "\(log)")
        // Its specification is one that can be sent in again.
        let spec = try daemon.json("/v1/jobs/\(id)/spec")
        #expect(spec["program"] == ["name": "digits"] && spec["model"] == .null && spec["params"]?["units"] == 32)
        #expect(try weights(try daemon.submit(spec), daemon) == job["latest_checkpoint"]?["sha256"]?.string)

        // The client shows it as any other job.
        let environment = ["TPUD_URL": daemon.client.base]
        func client(_ arguments: [String]) throws -> (status: Int32, output: String) {
            try Binary.run(Binary.tpuctl, arguments, environment: environment)
        }
        let shown = try client(["get", id])
        #expect(shown.output.contains(/program +digits\n/), "\(shown.output)")
        let clone = try client(["clone", id, "--set", "train.max_steps=20", "--wait"])
        #expect(clone.status == 0, "\(clone.output)")
        // What only a model known to the daemon can give is refused in words.
        let export = try daemon.send("GET", "/v1/jobs/\(id)/checkpoints/300/model.onnx")
        #expect(export.status == 422)
        #expect(String(decoding: export.body, as: UTF8.self).contains("a program's, which alone knows its model"))
    }

    @Test func aDryRunSaysWhatIsKnown() throws {
        let daemon = try daemon()
        let reply = try daemon.send("POST", "/v1/jobs?dry_run=true", body: try Self.job().serialized())
        #expect(reply.status == 200)
        let plan = try #require(try JSON(parsing: reply.body)["plan"])
        #expect(plan["steps"] == 300 && plan["slice"] == "2x4" && plan["peak_bytes"] == .null, "\(plan)")
    }

    /// The job's own input counts in place of the program's, and another job's variables predict.
    @Test func theJobsInputAndItsVariablesAreTaken() throws {
        let daemon = try daemon()
        func input(_ kind: String) -> JSON {
            [
                "source": [
                    "idx": [
                        "features": .string("digits/\(kind)-images-idx3-ubyte"),
                        "labels": .string("digits/\(kind)-labels-idx1-ubyte"),
                    ]
                ]
            ]
        }
        let own = try weights(try daemon.submit(try Self.job()), daemon)
        let first = try daemon.submit(
            try Self.job { spec in
                spec["train"]?["input"] = input("train")
                spec["train"]?["input"]?["shuffle"] = ["buffer_size": 1500]
                spec["evaluate"]?["input"] = input("test")
            })
        #expect(try weights(first, daemon) == own)
        let predicting = try daemon.submit(
            try Self.job { spec in
                spec["mode"] = "predict"
                spec["warm_start_from"] = ["job": .string(first)]
                spec["predict"] = ["input": input("test")]
                for name in ["train", "evaluate", "train_batch_size", "eval_batch_size"] { spec[name] = nil }
            })
        #expect(try daemon.final(predicting)["state"] == "SUCCEEDED")
        let lines = try daemon.send("GET", "/v1/jobs/\(predicting)/predictions").body.split(separator: 10)
        #expect(lines.count == 297)
        let line = try JSON(parsing: Array(lines[0]))
        #expect(line["index"] == 0 && line["digit"] == 5 && line["probabilities"]?.array?.count == 10, "\(line)")
    }

    // MARK: What is refused

    @Test func whatIsNotListedIsRefused() throws {
        let daemon = try daemon(programs: ["other": "/bin/true"])
        #expect(
            try refusal(try Self.job { $0["program"] = ["name": "digit"] }, daemon) == [
                #"/program/name "digit" is not a program that the operator has listed; did you mean "digits"?; there are "#
                    + "digits, other"
            ])
        let beside = try refusal(
            try Self.job { spec in
                spec["model"] = [["Dense": ["units": 1]]]
                spec["metrics"] = ["accuracy"]
                spec["train_batch_size"] = 12
            }, daemon)
        #expect(
            Set(beside.map { String($0.prefix { $0 != " " }) }) == ["/model", "/metrics", "/train_batch_size"],
            "\(beside)")
        let none = try DaemonProcess()
        #expect(
            try refusal(try Self.job(), none) == [
                #"/program/name "digits" is not a program that the operator has listed; none is: the daemon's setting "#
                    + "programs lists them"
            ])
    }

    /// A reload lists another one; a job whose program is not listed any more, or has gone, says so.
    @Test func aReloadListsOthers() throws {
        let file = "\(folder.path)/tpud.yaml"
        func list(_ text: String) throws { try Data("programs: \(text)\n".utf8).write(to: URL(filePath: file)) }
        try list("{}")
        let daemon = try DaemonProcess(["--config", file, "--workers", "0"])
        #expect(try refusal(try Self.job(), daemon).count == 1)
        let gone = try script("gone", "exit 0")
        try list("{digits: \(Self.digits), gone: \(gone)}")
        kill(daemon.process.processIdentifier, SIGHUP)
        try daemon.waitForLine("the configuration was read again")
        let retry: JSON = ["max_attempts": 1]
        let jobs = try ["digits", "gone"].map { name in
            try daemon.submit(
                try Self.job { spec in
                    spec["program"] = ["name": .string(name)]
                    spec["retry"] = retry
                })
        }
        #expect(daemon.terminate() == 0)
        try FileManager.default.removeItem(atPath: gone)
        try list("{gone: \(gone)}")
        let next = try DaemonProcess(["--config", file], state: daemon.state)
        try next.waitForLine("the program gone can't be started: \(gone): No such file or directory")
        for (id, words) in zip(jobs, ["\"digits\" is not listed any more", "\"gone\" can't be started: No such file"]) {
            let job = try next.final(id)
            #expect(job["state"] == "FAILED" && job["state_reason"] == "MAX_ATTEMPTS", "\(job)")
            #expect(job["error"]?["message"]?.string?.contains(words) == true, "\(job)")
        }
    }

    @Test func checkConfigNamesWhatCanNotBeStarted() throws {
        let readme = ProjectFiles.root.appending(path: "README.md").path
        let file = "\(folder.path)/some.yaml"
        try Data("programs: {good: /bin/sh, bad: /nowhere/x, readme: \(readme)}\n".utf8).write(to: URL(filePath: file))
        let (status, output) = try Binary.run(Binary.tpud, ["check-config", "--config", file])
        #expect(status == 64)
        #expect(
            output
                == "tpud: configuration: programs: bad: /nowhere/x: No such file or directory\n"
                + "tpud: configuration: programs: readme: \(readme) is not executable\n")
        let relative = try Binary.run(
            Binary.tpud, ["check-config", "--config", "/dev/null"], environment: ["TPUD_PROGRAMS": "a=b"])
        #expect(relative.output == "tpud: environment: TPUD_PROGRAMS: a: 'b' is not an absolute path\n")
    }

    @Test func byHandTheProgramSaysWhoRunsIt() throws {
        let (status, output) = try Binary.run(Self.digits, [])
        #expect(status == 2 && output.contains("list it in the daemon's setting programs"), "\(output)")
    }

    // MARK: Kills

    /// Kills of program and daemon at random moments leave the bytes of an undisturbed run.
    @Test func killsLeaveTheSameBytes() throws {
        let seed = UInt64.random(in: 1 ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let steps = 12_000
        let spec = try Self.job { spec in
            spec["train"]?["max_steps"] = JSON(steps)
            spec["run_config"]?["save_checkpoints_steps"] = 200
            spec["evaluate"]?["every_steps"] = 1000
            spec["tpu_config"]?["iterations_per_loop"] = 20
        }
        var daemon = try daemon()
        let undisturbed = try daemon.submit(spec)
        let whole = try weights(undisturbed, daemon)
        let id = try daemon.submit(spec)
        for kill in 0..<6 {
            func step() throws -> Int { try daemon.json("/v1/jobs/\(id)")["progress"]?["global_step"]?.int ?? 0 }
            let goal = try step() + Int(random.below(1000)) + 50
            try until("step \(goal)") { try step() >= min(goal, steps) }
            if kill % 2 == 0 {
                for process in workers(of: daemon) { Glibc.kill(process, SIGKILL) }
            } else {
                let before = workers(of: daemon)
                daemon.kill()
                try until("the program is gone with its daemon") {
                    before.allSatisfy { Glibc.kill($0, 0) != 0 || ProcessTable.isZombie($0) }
                }
                daemon = try self.daemon(state: daemon.state)
            }
        }
        #expect(try weights(id, daemon) == whole, "seed \(seed)")
        #expect(try JobStory(of: id, on: daemon) == JobStory(of: undisturbed, on: daemon), "seed \(seed)")
        let outcomes = try attempts(id, daemon).dropLast().compactMap { $0["outcome"]?.string }
        #expect(Set(outcomes) == ["INTERRUPTED"], "\(outcomes)")
    }

    /// A pause writes a checkpoint; so does a drain; a resumed job goes on from it.
    @Test func aPauseKeepsWhatWasReached() throws {
        var daemon = try daemon()
        let steps = 20_000
        let spec = try Self.job { spec in
            spec["train"]?["max_steps"] = JSON(steps)
            spec["run_config"]?["save_checkpoints_steps"] = 1000
            spec["evaluate"]?["every_steps"] = nil
        }
        let whole = try weights(try daemon.submit(spec), daemon)
        let id = try daemon.submit(spec)
        _ = try daemon.job(id) { ($0["progress"]?["global_step"]?.int ?? 0) > 0 }
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/pause").status == 202)
        let paused = try daemon.job(id) { $0["state"] == "PAUSED" }
        let step = try #require(paused["latest_checkpoint"]?["step"]?.int)
        #expect(step > 0 && step < steps)
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/resume").status == 202)
        _ = try daemon.job(id) { ($0["progress"]?["global_step"]?.int ?? 0) > step }
        #expect(daemon.terminate() == 0)
        daemon = try self.daemon(state: daemon.state)
        #expect(try weights(id, daemon) == whole)
        #expect(try attempts(id, daemon).compactMap { $0["outcome"]?.string }.first == "PAUSED")
    }

    // MARK: Programs that are not what they should be

    @Test func whatIsNoProgramEndsAsAWorkerWould() throws {
        let programs = [
            "nonsense": try script("nonsense", "echo hello >&0; sleep 60"),
            "early": try script("early", "echo it ends now; exit 3"),
            "hang": try script("hang", "exec sleep 600"),
            "killed": try script("killed", "kill -9 $$"),
            "trap": try script("trap", "kill -ILL $$"),
            "plain": "\(folder.path)/plain",
        ]
        try Data("not a program\n".utf8).write(to: URL(filePath: "\(folder.path)/plain"))
        chmod("\(folder.path)/plain", 0o755)
        let daemon = try daemon(
            ["--heartbeat-seconds", "0.5", "--stall-timeout-seconds", "3", "--workers", "6"], programs: programs)
        var ids: [String: String] = [:]
        for name in programs.keys {
            ids[name] = try daemon.submit(
                try Self.job { spec in
                    spec["program"] = ["name": .string(name)]
                    spec["tpu_config"]?["num_shards"] = 1
                    spec["retry"] = ["max_attempts": 2, "backoff_seconds": 0.1]
                })
        }
        for (name, outcome, words) in [
            ("nonsense", "CRASHED", "the worker sent a frame of 1751477356 bytes"),
            ("early", "CRASHED", "the worker exited with 3 and left no outcome"),
            ("hang", "STALLED", "the worker sent nothing for"),
            ("trap", "CRASHED", "the worker was ended by signal 4"),
            ("plain", "CRASHED", "the program \"plain\" can't be started: Exec format error"),
        ] {
            let id = try #require(ids[name])
            let job = try daemon.final(id)
            #expect(job["state"] == "FAILED" && job["state_reason"] == "MAX_ATTEMPTS", "\(name): \(job)")
            #expect(try attempts(id, daemon).compactMap { $0["outcome"]?.string } == [outcome, outcome], "\(name)")
            #expect(job["error"]?["message"]?.string?.contains(words) == true, "\(name): \(job)")
        }
        // Killed from outside, as a worker: not its fault, until nothing ever comes of it.
        let killed = try daemon.final(try #require(ids["killed"]))
        #expect(killed["state_reason"] == "NO_PROGRESS", "\(killed)")
        #expect(try attempts(try #require(ids["killed"]), daemon).allSatisfy { $0["outcome"] == "INTERRUPTED" })
        let log = try daemon.send("GET", "/v1/jobs/\(try #require(ids["early"]))/logs")
        #expect(String(decoding: log.body, as: UTF8.self).contains("it ends now"))
        // A script's own children go with it.
        #expect(
            ProcessTable.children(of: 1, running: "600").isEmpty && ProcessTable.children(of: 1, running: "60").isEmpty)
    }

    /// A program gets what a worker gets, and nothing else: its folder, its memory's limit, its niceness, and no secrets.
    @Test func aProgramHasTheLimitsOfAWorker() throws {
        let look = try script(
            "look",
            "pwd; ulimit -d; cat /proc/self/oom_score_adj; nice; ls /proc/self/fd | wc -l; env | cut -d= -f1 | sort")
        let daemon = try DaemonProcess(
            ["--program", "look=\(look)", "--worker-memory-bytes", "1073741824"], environment: ["SECRET": "x"])
        let id = try daemon.submit(
            try Self.job { spec in
                spec["program"] = ["name": "look"]
                spec["retry"] = ["max_attempts": 1]
            })
        _ = try daemon.final(id)
        let log = String(decoding: try daemon.send("GET", "/v1/jobs/\(id)/logs").body, as: UTF8.self)
        let lines = log.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        try #require(lines.count > 5, "\(log)")
        #expect(
            lines[0].hasSuffix("/jobs/\(id)") && lines[1] == "1048576" && lines[2] == "500" && lines[3] == "5", "\(log)"
        )
        // Standard input, output and error, and the folder that ls reads.
        #expect(lines[4] == "4")
        #expect(lines.contains("TPUD_WORKER") && !lines.contains("SECRET"), "\(log)")
    }

    @Test func whatTheProgramThrowsEndsTheJobAtOnce() throws {
        let daemon = try daemon()
        let id = try daemon.submit(try Self.job { $0["params"] = ["units": "many"] })
        let job = try daemon.final(id)
        #expect(job["state"] == "FAILED" && job["attempt"] == 1 && job["error"]?["code"] == "USER_ERROR", "\(job)")
        #expect(job["error"]?["message"] == #"params.units must be a whole number, not the string "many""#)
    }
}
