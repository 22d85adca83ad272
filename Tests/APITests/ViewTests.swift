import API
import Formats
import Jobs
import OrderedCollections
import Testing

@Suite struct ViewTests {
    private static let id = JobID(milliseconds: 1_700_000_000_000, random: (1, 2))
    private static let time = Timestamp(microseconds: 1_700_000_000_123_000)

    private static func fullJob() throws -> JobView {
        var job = JobView(
            id: id, name: "digits-mlp", state: .running, version: 7, mode: .trainAndEvaluate, owner: "anonymous",
            createdAt: time, queuedAt: time, maxAttempts: 4, modelDir: "jobs/1", spec: ["mode": "train"])
        job.labels = ["team": "vision"]
        job.stateReason = "NO_PROGRESS"
        job.startedAt = time
        job.finishedAt = time
        job.attempt = 2
        job.placement = PlacementView(
            Placement(slice: try Slice(shards: 2), hosts: [Placement.Host(host: 3, cores: [4, 5])]),
            jobName: "tpu_worker")
        job.pending = PendingView(reason: .coresBusy, position: 2, blocking: [id], earliestStart: time)
        job.progress = JobProgress(
            globalStep: 300, targetStep: 500, loss: 0.12, stepsPerSecond: 812.4, examplesPerSecond: 103_987.2,
            infeedWaitFraction: 0.004, etaSeconds: 0.25)
        job.result = ResultView(globalStep: 500, loss: 0.08, evaluation: ["loss": 0.31, "global_step": 500])
        job.error = JobFailure(code: "NAN_LOSS", message: "m", step: 123, variable: "dense/kernel")
        job.latestCheckpoint = LatestCheckpointView(step: 500, sha256: "ab")
        return job
    }

    /// Writes, parses, reads; and holds the members against the schema.
    private func check<Value: WireValue & Equatable>(_ value: Value) throws {
        let wire = try JSON(parsing: value.wire.serialized())
        #expect(try Value(wire: wire) == value)
        let properties = try #require(Value.schema["properties"]?.object)
        let members = try #require(wire.object)
        #expect(Set(members.keys).isSubset(of: properties.keys), "\(Value.self)")
        let required = try #require(Value.schema["required"]?.array).compactMap(\.string)
        #expect(Set(required).isSubset(of: members.keys), "\(Value.self)")
        for name in required {
            var lacking = members
            lacking[name] = nil
            if Value.schema["properties"]?[name]?["type"]?.string != nil, !(Value.self is VersionView.Type),
                // Results that were stored before there was one lack it.
                name != "stopped_early",
                !(name == "valid"), !(Value.self is Problem.Type)
            {
                #expect(throws: APIError.self, "\(Value.self) without \(name)") { try Value(wire: .object(lacking)) }
            }
        }
    }

    @Test func everyViewCrossesTheWireAndBackAndKeepsToItsSchema() throws {
        try check(try Self.fullJob())
        try check(JobPage(jobs: [try Self.fullJob()], nextPageToken: "x"))
        let attempt = AttemptView(
            attempt: 1, outcome: .crashed, startedAt: Self.time, finishedAt: Self.time, startStep: 0, endStep: 7,
            error: JobFailure(code: "CRASHED", message: "m"))
        try check(AttemptList([attempt, AttemptView(attempt: 2, startedAt: Self.time, startStep: 7)]))
        try check(attempt)
        let file = CheckpointFile(name: "model.safetensors", bytes: 1, sha256: "ab")
        let checkpoint = CheckpointView(
            step: 100, bytes: 1, files: [file], createdAt: Self.time, keptBecause: "latest")
        try check(checkpoint)
        try check(CheckpointList([checkpoint]))
        let profile = ProfileView(profile: 2, firstStep: 11, lastStep: 20, bytes: 99, createdAt: Self.time)
        try check(profile)
        try check(ProfileList([profile]))
        let event = EventView(
            seq: 1, jobID: Self.id, type: "STATE", at: Self.time, from: .queued, to: .starting, attempt: 1)
        try check(event)
        try check(HostView(host: 3, state: .draining))
        try check(
            StreamEndView(
                jobID: Self.id, state: .failed, stateReason: "NAN_LOSS", version: 9, finishedAt: Self.time))
        try check(EventList([event, EventView(seq: 2, jobID: Self.id, type: "CHECKPOINT", at: Self.time, attempt: 1)]))
        try check(
            TopologyView(pod: "v2-8", hosts: [TopologyView.Host(host: 0, state: .up, cores: [Self.id, nil])]))
        let pending = PendingView(reason: .priority, position: 1)
        try check(QueueView([QueuedJobView(id: Self.id, priority: 3, pending: pending)]))
        try check(pending)
        try check(
            MetricsView(series: ["loss": [MetricsView.Point(step: 1, value: nil, unixSeconds: 1.5)], "eval/a": []]))
        try check(DryRunView(spec: [:], plan: [:]))
        var delivery = DeliveryView(
            id: "msg_1", jobID: Self.id, url: "https://h/", type: "job.failed", seq: 7, state: .pending,
            createdAt: Self.time)
        try check(delivery)
        delivery.attempts = 2
        delivery.nextAttemptAt = Self.time
        delivery.lastAttemptAt = Self.time
        delivery.lastStatus = 503
        delivery.lastError = "the receiver answered 503"
        try check(delivery)
        try check(DeliveryPage([delivery], nextPageToken: "7"))
        let message = WebhookMessage(name: "n", owner: "o", event: event)
        #expect(message.type == "job.starting")
        try check(message)
        let entry = AuditEntryView(
            number: 1, at: Self.time, principal: "p", token: "t", verb: "redeliver", jobID: "j", host: 3,
            deliveryID: "msg_1", requestID: "r", result: "PENDING")
        try check(entry)
        try check(
            AuditPage(
                [
                    entry,
                    AuditEntryView(
                        number: 2, at: Self.time, principal: "p", token: nil, verb: "drain", requestID: "r",
                        result: "UP"),
                ],
                nextPageToken: "1"))
        try check(VersionView(version: "0.1", swift: "6.3"))
        try check(JobProgress(globalStep: 0))
        try check(ResultView(globalStep: 0))
    }

    @Test func aNewJobHasEveryMemberOfTheContract() throws {
        let job = JobView(
            id: Self.id, name: "j", state: .queued, version: 1, mode: .train, owner: "anonymous",
            createdAt: Self.time, queuedAt: Self.time, maxAttempts: 4, modelDir: "jobs/1", spec: [:])
        #expect(try JobView(wire: job.wire) == job)
        let names = try #require(job.wire.object).keys
        #expect(
            Array(names) == [
                "id", "name", "state", "state_reason", "version", "mode", "labels", "priority", "owner", "created_at",
                "queued_at", "started_at", "finished_at", "attempt", "max_attempts", "model_dir", "placement",
                "pending",
                "progress", "result", "error", "latest_checkpoint", "spec",
            ])
        #expect(job.wire["created_at"]?.string == "2023-11-14T22:13:20.123Z")
    }

    @Test func whatALaterServerAddsIsPassedOverAndWhatIsWrongIsNamed() throws {
        var wire = try Self.fullJob().wire
        wire["new_member"] = [1, 2]
        #expect(try JobView(wire: wire) == Self.fullJob())
        wire["progress"] = ["global_step": "many"]
        #expect(
            throws: APIError.unexpected(
                JSONPointer(tokens: ["progress", "global_step"]), detail: "is not a whole number")
        ) { try JobView(wire: wire) }
    }
}
