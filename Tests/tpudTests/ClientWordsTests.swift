import API
import Formats
import Foundation
import Jobs
import Synchronization
import Testing

/// What `tpuctl` makes of answers, those too that the daemon seldom gives.
@Suite(.timeLimit(.minutes(10))) struct ClientWordsTests {
    private static let submitted = Timestamp(seconds: 1_700_000_000)

    private static func id(_ number: UInt64) -> JobID { JobID(milliseconds: 1_700_000_000_000, random: (0, number)) }

    private func job(_ state: JobState = .running, number: UInt64 = 1, _ change: (inout JobView) -> Void = { _ in })
        -> JobView
    {
        var job = JobView(
            id: Self.id(number), name: "name", state: state, version: 7, mode: .train, owner: "me",
            createdAt: Self.submitted, queuedAt: Self.submitted, maxAttempts: 3, modelDir: "models/x", spec: nil)
        change(&job)
        return job
    }

    private func run(_ arguments: [String], _ answer: @escaping @Sendable (String) -> ScriptedDaemon.Answer) throws -> (
        status: Int32, output: String
    ) {
        let daemon = try ScriptedDaemon(answer)
        return try withExtendedLifetime(daemon) {
            try Binary.run(Binary.tpuctl, arguments + ["--url", daemon.address])
        }
    }

    /// The rows of `get` by their first word.
    private func report(_ job: JobView) throws -> [String: String] {
        let wire = job.wire
        let (status, output) = try run(["get", job.id.description]) { _ in .json(wire) }
        #expect(status == 0, "\(output)")
        let rows = output.split(separator: "\n").map { line in
            let name = line.prefix { $0 != " " }
            return (String(name), String(line.dropFirst(name.count).drop { $0 == " " }))
        }
        return Dictionary(rows) { first, _ in first }
    }

    @Test func aWaitingJobSaysWhy() throws {
        var job = job(.retryWait) {
            $0.stateReason = "BACKOFF"
            $0.attempt = 2
            $0.pending = PendingView(reason: .coresBusy, position: 5, blocking: (2...6).map { Self.id($0) })
        }
        let ids = (2...4).map { Self.id($0).description }.joined(separator: ", ")
        var rows = try report(job)
        #expect(rows["state"] == "RETRY_WAIT, BACKOFF")
        #expect(rows["attempt"] == "2 (at most 3 may fail)")
        #expect(rows["waits"] == "\(PendingReason.coresBusy.rawValue), number 5 in the queue, behind \(ids) and 2 more")
        #expect(rows["step"] == nil && rows["started"] == nil && rows["runs"] == nil && rows["error"] == nil)
        job.pending = PendingView(
            reason: .coresBusy, position: 1, blocking: [Self.id(2)], earliestStart: Timestamp(seconds: 1_700_000_060))
        rows = try report(job)
        #expect(
            rows["waits"]
                == "\(PendingReason.coresBusy.rawValue), number 1 in the queue, behind \(Self.id(2)), not before "
                + "\(Timestamp(seconds: 1_700_000_060).rfc3339)")
    }

    @Test func aRunningJobSaysWhereAndHowFast() throws {
        var job = job {
            $0.attempt = 1
            $0.startedAt = Self.submitted
            $0.placement = PlacementView(
                Placement(slice: try? Slice(shards: 8), hosts: [.init(host: 0, cores: Array(0..<8))]), jobName: "w")
            $0.progress = JobProgress(
                globalStep: 30, targetStep: 100, loss: 0.123456, stepsPerSecond: 12.5, examplesPerSecond: 1_234_567.9,
                etaSeconds: 3725)
            $0.latestCheckpoint = LatestCheckpointView(step: 20, sha256: "")
        }
        var rows = try report(job)
        #expect(rows["runs"]?.hasSuffix("  a slice of 2x4 cores on host 0") == true)
        #expect(rows["step"] == "30 of 100" && rows["loss"] == "0.1235" && rows["left"] == "1 h 2 min")
        #expect(rows["speed"] == "12.5 steps/s, 1,234,567 examples/s" && rows["checkpoint"] == "step 20")
        job.placement?.hosts = (0..<9).map { .init(host: $0, cores: [0]) }
        job.progress = JobProgress(globalStep: 30, stepsPerSecond: 0.5)
        rows = try report(job)
        #expect(rows["runs"]?.hasSuffix("  a slice of 2x4 cores on hosts 0, 1, 2, 3, 4, 5, 6, 7, …") == true)
        #expect(rows["step"] == "30" && rows["speed"] == "0.5 steps/s" && rows["loss"] == nil && rows["left"] == nil)
        job.placement?.slice = nil
        #expect(try report(job)["runs"]?.hasSuffix("  no cores") == true)
    }

    @Test func anEndedJobSaysWhatCameOfIt() throws {
        var job = job(.succeeded) {
            $0.startedAt = Self.submitted
            $0.finishedAt = Timestamp(seconds: 1_700_273_600)
            $0.progress = JobProgress(globalStep: 100, targetStep: 100, loss: 0.5, stepsPerSecond: 1, etaSeconds: 3)
            $0.result = ResultView(globalStep: 100, loss: 0.25)
        }
        var rows = try report(job)
        #expect(rows["finished"]?.hasSuffix(", after 3 d 4 h") == true)
        // What is said while it runs is over.
        #expect(rows["loss"] == "0.25" && rows["speed"] == nil && rows["left"] == nil && rows["step"] == "100 of 100")
        job.state = .failed
        job.startedAt = nil
        job.result = nil
        job.error = JobFailure(code: "NAN", message: "two\nlines\u{1B}[31m")
        rows = try report(job)
        #expect(rows["finished"] == Timestamp(seconds: 1_700_273_600).rfc3339)
        // A row is one line, and commands no terminal.
        #expect(rows["error"]?.hasPrefix("NAN: two") == true && rows["error"]?.contains("lines") == true)
        #expect(rows["error"]?.contains("\u{1B}") == false)
    }

    /// No number of a server's ends the client.
    @Test func absurdNumbersAreShown() throws {
        let huge = job {
            $0.progress = JobProgress(globalStep: .max, targetStep: 1, examplesPerSecond: 1e300, etaSeconds: 1e300)
        }
        let none = job(number: 2) { $0.progress = JobProgress(globalStep: 5, targetStep: 0) }
        let unknown = job(number: 3)
        let page = JobPage(jobs: [huge, none, unknown]).wire
        let (status, output) = try run(["list"]) { _ in .json(page) }
        #expect(status == 0)
        let lines = output.split(separator: "\n")
        #expect(lines.count == 4 && lines[1].contains("9223372036854775807/1 (1000000000000000 %)"), "\(output)")
        #expect(lines[2].contains("  5  ") && lines[3].contains("  -  "))
    }

    @Test func sizesHaveThreeDigits() throws {
        let sizes: [(Int, String)] = [
            (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1234, "1.23 kB"), (999_499, "999 kB"), (999_600, "1 MB"),
            (1_234_567, "1.23 MB"), (999_999_999, "1 GB"), (5_000_000_000_000, "5 TB"), (.max, "9,223,372 TB"),
        ]
        let list = CheckpointList(
            sizes.enumerated().map { place, size in
                CheckpointView(
                    step: place, bytes: size.0, files: [], createdAt: Self.submitted, keptBecause: "LATEST",
                    state: .good)
            }
        ).wire
        let (_, output) = try run(["checkpoints", Self.id(1).description]) { _ in .json(list) }
        let lines = output.split(separator: "\n").dropFirst()
        #expect(lines.count == sizes.count)
        for (line, size) in zip(lines, sizes) { #expect(line.contains("  \(size.1)  "), "\(line)") }
    }

    @Test func aHostSaysWhoHoldsIt() throws {
        let (a, b) = (Self.id(1), Self.id(2))
        let topology = TopologyView(
            pod: "4h4c", hosts: [TopologyView.Host(host: 0, state: .up, cores: [a, b, nil, a])]
        ).wire
        let (_, output) = try run(["topology"]) { _ in .json(topology) }
        #expect(output.contains("pod 4h4c\n") && output.contains("1 of 4"), "\(output)")
        #expect(output.contains("\(a) (2), \(b) (1)"), "\(output)")
    }

    /// Pages are put together until there are as many as were asked for; a name is looked for in all of them.
    @Test func pagesFollowOneAnother() throws {
        let pages = (0..<3).map { page in
            JobPage(
                jobs: (0..<2).map { job(number: UInt64(page * 2 + $0)) { $0.progress = nil } },
                nextPageToken: page < 2 ? "p\(page + 1)" : nil
            ).wire
        }
        let targets = Mutex<[String]>([])
        let answer: @Sendable (String) -> ScriptedDaemon.Answer = { target in
            targets.withLock { $0.append(target) }
            let page = target.contains("page_token=p2") ? 2 : target.contains("page_token=p1") ? 1 : 0
            return .json(target.contains("name=") ? JobPage(jobs: []).wire : pages[page])
        }
        let three = try run(["list", "--limit", "3", "--label", "a=b c", "--state", "running"], answer)
        #expect(three.output.split(separator: "\n").count == 5, "\(three.output)")
        #expect(
            targets.withLock { $0 } == [
                "/v1/jobs?limit=3&state=RUNNING&label=a%3Db%20c",
                "/v1/jobs?limit=1&state=RUNNING&label=a%3Db%20c&page_token=p1",
            ])
        #expect(try run(["list"], answer).output.split(separator: "\n").count == 7)
        // The last job of the last page, by the end of what tells it from the others.
        let several = try run(["get", String(Self.id(0).description.prefix(12))], answer)
        #expect(
            several.status == 4 && several.output.contains("several jobs have ids that begin with"), "\(several.output)"
        )
        #expect(try run(["get", "not-an-id!"], answer).output.contains("no job has the id or the name"))
        #expect(try run(["get", "zzz"], answer).output.contains("no job has the id or the name"))
        #expect(try run(["get", ""], answer).status == 2)
    }

    @Test func eventsSayThatThereAreMore() throws {
        let event = EventView(
            seq: 4, jobID: Self.id(1), type: "NOTE", at: Self.submitted, from: nil, to: nil, attempt: 0,
            data: ["words": "a b", "count": 3])
        let list = EventList([event], nextSeq: 4).wire
        let targets = Mutex<[String]>([])
        let (_, output) = try run(["events", Self.id(1).description, "--after", "3", "--limit", "1"]) { target in
            targets.withLock { $0.append(target) }
            return .json(list)
        }
        #expect(targets.withLock { $0 } == ["/v1/jobs/\(Self.id(1))/events?after_seq=3&limit=1"])
        #expect(output.contains("  -        NOTE   words a b, count 3\nmore come after --after 4"), "\(output)")
    }

    @Test func refusalsAreToldInWords() throws {
        func said(_ answer: ScriptedDaemon.Answer) throws -> String {
            let (status, output) = try run(["queue"]) { _ in answer }
            #expect(status == 4)
            return output
        }
        #expect(try said(.init(status: 418, body: Array("<html>".utf8))) == "tpuctl: the server answered 418\n")
        #expect(
            try said(.json(Problem(429, detail: "too many").wire, status: 429, fields: [("Retry-After", "7")]))
                == "tpuctl: Too Many Requests (429): too many\n  try again after 7 s\n")
        #expect(
            try said(
                .json(
                    Problem(
                        422, detail: "2 faults",
                        errors: [
                            Problem.Fault(pointer: JSONPointer(tokens: ["a"]), detail: "is wrong"),
                            Problem.Fault(parameter: "limit", detail: "is wrong too"),
                            Problem.Fault(detail: "all\u{1B}"),
                        ]
                    ).wire, status: 422)
            ).hasSuffix(": 2 faults\n  /a: is wrong\n  limit: is wrong too\n  all\\u001b\n"))
        #expect(
            try said(
                .json(
                    Problem(
                        400, detail: "limit is wrong", errors: [Problem.Fault(parameter: "limit", detail: "is wrong")]
                    )
                    .wire, status: 400)
            ).hasSuffix("(400): limit is wrong\n"))
        let other = try run(["queue"]) { _ in .json(["other": 1]) }
        #expect(other.status == 3 && other.output.contains("is not what tpud answers"), "\(other.output)")
    }

    /// Who waits goes on when the server is away for a while, and is told of it once.
    @Test func waitingOutlivesARestart() throws {
        let targets = Mutex<[String]>([])
        let answers: [ScriptedDaemon.Answer] = [
            .json(
                job {
                    $0.progress = JobProgress(
                        globalStep: 1, targetStep: 2, loss: 0.5, examplesPerSecond: 3, etaSeconds: 61)
                }.wire),
            .json(Problem(503, detail: "it stops").wire, status: 503),
            .json(Problem(503, detail: "it stops").wire, status: 503),
            .json(job(.queued) { $0.pending = PendingView(reason: .coresBusy, position: 2) }.wire),
            .json(job { $0.progress = JobProgress(globalStep: 4) }.wire), .json(job().wire), .json(job(.failed).wire),
        ]
        let (status, output) = try run(["wait", Self.id(1).description]) { target in
            let call = targets.withLock { targets in
                targets.append(target)
                return targets.count - 1
            }
            return answers[min(call, answers.count - 1)]
        }
        let versions = [0, 7, 7, 7, 7, 7, 7]
        #expect(
            targets.withLock { $0 } == versions.map { "/v1/jobs/\(Self.id(1))?wait=1s&since_version=\($0)" })
        #expect(status == 1)
        let lines = output.split(separator: "\n")
        #expect(lines.first == "RUNNING  1/2  loss 0.5  3 examples/s  1 min 1 s left")
        #expect(lines.filter { $0.contains("it stops") }.count == 1)
        #expect(
            lines.contains("waiting up to 60 s for the server") && lines.contains("tpuctl: the server is there again"))
        #expect(lines.contains("QUEUED  \(PendingReason.coresBusy.rawValue), number 2 in the queue"))
        #expect(lines.contains("RUNNING  step 4") && lines.contains("RUNNING"))
    }
}
