import GRDB
import Jobs

extension JobRecord {
    /// What a query of jobs selects: with the specification, which may have megabytes, only where it is asked for.
    static func selection(withSpec: Bool) -> String {
        withSpec
            ? "SELECT jobs.*, submissions.spec FROM jobs JOIN submissions ON submissions.job_id = jobs.id"
            : "SELECT jobs.*, NULL AS spec FROM jobs"
    }

    /// Reads a row of `selection`; labels come from a table of their own.
    init(row: Row, labels: [String: String]) throws(StoreError) {
        let reader = RowReader(row)
        let slice = try reader.slice("shards")
        self.init(
            NewJob(
                id: try reader.id("id"), name: row["name"], mode: try reader.word("mode"), owner: row["owner"],
                modelDir: row["model_dir"], createdAt: reader.time("created_at"), spec: ""))
        spec = row["spec"]
        self.labels = labels
        priority = row["priority"]
        state = try reader.word("state")
        isHeld = (row["held"] as String?) != nil
        stateReason = (row["state_reason"] as String?).map(StateReason.init)
        version = row["version"]
        self.slice = slice
        deviceJob = row["device_job"]
        retry = RetryPolicy(maxAttempts: row["max_attempts"], backoffSeconds: row["backoff_seconds"])
        maxRunSeconds = row["max_run_seconds"]
        keepCheckpointMax = row["keep_checkpoint_max"]
        preemptible = row["preemptible"]
        attempt = row["attempt"]
        targetStep = row["target_step"]
        queuedAt = reader.time("queued_at")
        startDeadline = reader.optionalTime("start_deadline")
        startedAt = reader.optionalTime("started_at")
        finishedAt = reader.optionalTime("finished_at")
        retryAt = reader.optionalTime("retry_at")
        stopIntent = try reader.optionalWord("stop_intent")
        stopDeadline = reader.optionalTime("stop_deadline")
        placement = try reader.placement("placement", slice: slice)
        progress = row["progress"]
        result = row["result"]
        failure = reader.failure()
        if let step = row["checkpoint_step"] as Int?, let sha256 = row["checkpoint_sha256"] as String? {
            latestCheckpoint = LatestCheckpoint(step: step, sha256: sha256)
        }
    }
}

/// Reads a row's columns as this project's values; what the checks of the schema make impossible is damage.
struct RowReader {
    private let row: Row

    init(_ row: Row) { self.row = row }

    func id(_ column: String) throws(StoreError) -> JobID {
        let text: String = row[column]
        guard let id = JobID(text) else { throw damaged(column, text) }
        return id
    }

    func word<Word: RawRepresentable<String>>(_ column: String) throws(StoreError) -> Word {
        guard let word: Word = try optionalWord(column) else { throw damaged(column, "NULL") }
        return word
    }

    func optionalWord<Word: RawRepresentable<String>>(_ column: String) throws(StoreError) -> Word? {
        guard let text = row[column] as String? else { return nil }
        guard let word = Word(rawValue: text) else { throw damaged(column, text) }
        return word
    }

    func time(_ column: String) -> Timestamp { Timestamp(microseconds: row[column]) }

    func optionalTime(_ column: String) -> Timestamp? {
        (row[column] as Int64?).map(Timestamp.init(microseconds:))
    }

    func slice(_ column: String) throws(StoreError) -> Slice? {
        guard let shards = row[column] as Int? else { return nil }
        do { return try Slice(shards: shards) } catch { throw damaged(column, "\(shards)") }
    }

    func placement(_ column: String, slice: Slice?) throws(StoreError) -> Placement? {
        guard let text = row[column] as String? else { return nil }
        guard let placement = Placement(column: text, slice: slice) else { throw damaged(column, text) }
        return placement
    }

    func failure() -> JobFailure? {
        guard let code = row["error_code"] as String? else { return nil }
        return JobFailure(
            code: code, message: row["error_message"] ?? "", step: row["error_step"], variable: row["error_variable"])
    }

    /// The end of an attempt's row; nil while it is live. An INTERRUPTED attempt's code says whether the machine ended it.
    func attemptEnd() throws(StoreError) -> AttemptEnd? {
        guard let outcome: AttemptOutcome = try optionalWord("outcome") else { return nil }
        let condition = (row["error_code"] as String?).flatMap(MachineCondition.init)
        return AttemptEnd(
            outcome: outcome, ranStep: row["ran_step"], byDaemonsEnd: row["by_daemons_end"],
            condition: outcome == .interrupted ? condition : nil)
    }

    private func damaged(_ column: String, _ text: String) -> StoreError {
        .damaged("column \(column) holds \(text)")
    }
}
