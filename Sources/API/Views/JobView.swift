package import Formats
package import Jobs
import OrderedCollections

/// The job resource (contract section 3).
package struct JobView: WireValue, Hashable {
    /// Its id.
    package var id: JobID
    /// Its name; default "job".
    package var name: String
    /// Its state.
    package var state: JobState
    /// A word about why it is in that state.
    package var stateReason: String?
    /// Grows with every transition, change by its owner and checkpoint; the ETag is made of it.
    package var version: Int
    /// What it is asked to do.
    package var mode: JobMode
    /// Its labels.
    package var labels: [String: String]
    /// Its priority: larger goes first; default 0.
    package var priority: Int
    /// Who submitted it.
    package var owner: String
    /// When it was submitted.
    package var createdAt: Timestamp
    /// When it last came into the queue.
    package var queuedAt: Timestamp
    /// When its first attempt began.
    package var startedAt: Timestamp?
    /// When it reached its final state.
    package var finishedAt: Timestamp?
    /// The number of its current or last attempt; 0 before the first.
    package var attempt: Int
    /// How many attempts may end with an outcome that counts.
    package var maxAttempts: Int
    /// Its folder, relative to the state folder.
    package var modelDir: String
    /// The cores that it holds, or held last when it is final.
    package var placement: PlacementView?
    /// Why it waits; only in QUEUED and RETRY_WAIT.
    package var pending: PendingView?
    /// How far it is.
    package var progress: JobProgress?
    /// What came of it; only in SUCCEEDED.
    package var result: ResultView?
    /// What went wrong.
    package var error: JobFailure?
    /// Its newest checkpoint.
    package var latestCheckpoint: LatestCheckpointView?
    /// The specification with every default filled in; nil where a list leaves it out.
    package var spec: JSON?

    /// Makes the resource of a job that has just been submitted; the rest is set afterwards.
    package init(
        id: JobID, name: String, state: JobState, version: Int, mode: JobMode, owner: String, createdAt: Timestamp,
        queuedAt: Timestamp, maxAttempts: Int, modelDir: String, spec: JSON?
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.version = version
        self.mode = mode
        self.labels = [:]
        self.priority = 0
        self.owner = owner
        self.createdAt = createdAt
        self.queuedAt = queuedAt
        self.attempt = 0
        self.maxAttempts = maxAttempts
        self.modelDir = modelDir
        self.spec = spec
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            id: try wire.required("id").jobID(), name: try wire.required("name").string(),
            state: try wire.required("state").choice(), version: try wire.required("version").int(),
            mode: try wire.required("mode").choice(), owner: try wire.required("owner").string(),
            createdAt: try wire.required("created_at").timestamp(),
            queuedAt: try wire.required("queued_at").timestamp(),
            maxAttempts: try wire.required("max_attempts").int(),
            modelDir: try wire.required("model_dir").string(), spec: try wire.optional("spec")?.json)
        stateReason = try wire.optional("state_reason")?.string()
        labels = try wire.required("labels").strings()
        priority = try wire.required("priority").int()
        startedAt = try wire.optional("started_at")?.timestamp()
        finishedAt = try wire.optional("finished_at")?.timestamp()
        attempt = try wire.required("attempt").int()
        placement = try wire.value("placement")
        pending = try wire.value("pending")
        progress = try wire.value("progress")
        result = try wire.value("result")
        error = try wire.value("error")
        latestCheckpoint = try wire.value("latest_checkpoint")
    }

    /// The JSON form.
    package var wire: JSON {
        var members: JSON = [
            "id": .string(id.description), "name": .string(name), "state": .string(state.rawValue),
            "state_reason": .optional(stateReason, JSON.string), "version": JSON(version),
            "mode": .string(mode.rawValue), "labels": Self.wire(labels: labels), "priority": JSON(priority),
            "owner": .string(owner), "created_at": .string(createdAt.rfc3339), "queued_at": .string(queuedAt.rfc3339),
            "started_at": .optional(startedAt) { .string($0.rfc3339) },
            "finished_at": .optional(finishedAt) { .string($0.rfc3339) }, "attempt": JSON(attempt),
            "max_attempts": JSON(maxAttempts), "model_dir": .string(modelDir),
            "placement": .optional(placement, \.wire), "pending": .optional(pending, \.wire),
            "progress": .optional(progress, \.wire), "result": .optional(result, \.wire),
            "error": .optional(error, \.wire), "latest_checkpoint": .optional(latestCheckpoint, \.wire),
        ]
        if let spec { members["spec"] = spec }
        return members
    }

    /// The program that does it in place of a model; nil where there is none, or the specification was left out.
    package var program: String? { spec?[JobRequest.programField]?["name"]?.string }

    /// The JSON form's text, with the specification's text put in as it is; the view's own `spec` is left out.
    /// - Parameter spec: The text of a JSON object.
    package func serialized(spec: some Collection<UInt8>) -> [UInt8] {
        var view = self
        view.spec = nil
        return Self.text(view.wire.serialized(), withSpec: spec)
    }

    /// The text of a resource without its specification, with that put in as it is.
    /// - Parameter spec: The text of a JSON object.
    package static func text(_ resource: [UInt8], withSpec spec: some Collection<UInt8>) -> [UInt8] {
        var bytes = resource
        JSON.add("spec", text: spec, to: &bytes)
        return bytes
    }

    /// Labels as an object, by name.
    package static func wire(labels: [String: String]) -> JSON {
        .object(
            OrderedDictionary(
                uniqueKeysWithValues: labels.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) }))
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        var schema = Schema.object([
            "id": Schema.string.means(
                "26 characters; ids sort in the order of submission. Paths take them in either case"),
            "name": Schema.string.means("What its owner called it"),
            "state": Schema.words(of: JobState.self).means("Where it is in its life; see docs/states.md"),
            "state_reason": Schema.nullable(Schema.string).means(
                "Why it is in that state, a word or a sentence; null where the state says all"),
            "version": Schema.integer(1...).means(
                "Grows with every transition, change by its owner and checkpoint; the entity tag is made of it"),
            "mode": Schema.words(of: JobMode.self).means("What it is asked to do"),
            "labels": Schema.labels.means("Its labels"),
            "priority": Schema.integer(JobRequest.Limits.priority).means("Larger goes first"),
            "owner": Schema.string.means("Who submitted it; anonymous, as accounts are not there yet"),
            "created_at": Schema.timestamp.means("When it was submitted"),
            "queued_at": Schema.timestamp.means("When it last came into the queue"),
            "started_at": Schema.nullable(Schema.timestamp).means("When its first attempt began; null before"),
            "finished_at": Schema.nullable(Schema.timestamp).means("When it reached its final state; null before"),
            "attempt": Schema.integer(0...).means("The number of its current or last attempt; 0 before the first"),
            "max_attempts": Schema.integer(1...JobRequest.Limits.attempts).means(
                "How many attempts may end with an outcome that counts"),
            "model_dir": Schema.string.means("Its folder, relative to the state folder"),
            "placement": Schema.nullable(PlacementView.schema).means(
                "The cores that it holds, or held last once it has ended; null before it held any"),
            "pending": Schema.nullable(PendingView.schema).means(
                "Why it waits; null unless it is QUEUED or RETRY_WAIT, and in the answer to its submission"),
            "progress": Schema.nullable(JobProgress.schema).means("How far it is; null before its first report"),
            "result": Schema.nullable(ResultView.schema).means("What came of it; null unless it SUCCEEDED"),
            "error": Schema.nullable(JobFailure.schema).means("What went wrong last; null where nothing did"),
            "latest_checkpoint": Schema.nullable(LatestCheckpointView.schema).means(
                "Its newest checkpoint; null where it has none"),
            "spec": Schema.reference("JobSpec").means(
                "The specification with every default filled in; lists leave it out unless full=true"),
        ])
        // Lists leave the specification out.
        schema["required"] = .array((schema["required"]?.array ?? []).filter { $0 != "spec" })
        return schema
    }
}

extension WireReader {
    /// The member of that name as a value; nil when it is not there or null.
    func value<Value: WireValue>(_ name: String) throws(APIError) -> Value? {
        guard let reader = try optional(name) else { return nil }
        return try Value(wire: reader)
    }
}
