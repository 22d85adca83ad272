package import API
import Formats
package import Jobs
package import Store

extension JobView {
    /// The resource of a stored job, without its specification: that is put in as text (``serialized(spec:)``).
    /// - Parameters:
    ///   - pending: Why it waits; shown only while it does.
    ///   - running: How far its worker says it is; nil leaves what is stored.
    package init(_ record: JobRecord, pending: PendingView?, running: JobProgress?) {
        self.init(
            id: record.id, name: record.name, state: record.state, version: record.version, mode: record.mode,
            owner: record.owner, createdAt: record.createdAt, queuedAt: record.queuedAt,
            maxAttempts: record.retry.maxAttempts, modelDir: record.modelDir, spec: nil)
        stateReason = record.stateReason?.rawValue
        labels = record.labels
        priority = record.priority
        startedAt = record.startedAt
        finishedAt = record.finishedAt
        attempt = record.attempt
        placement = record.placement.map { PlacementView($0, jobName: record.deviceJob) }
        if record.state.isWaiting { self.pending = pending }
        progress = running ?? record.progress.flatMap { try? JobProgress(stored: $0) }
        result = record.result.flatMap { try? ResultView(stored: $0) }
        error = record.failure
        latestCheckpoint = record.latestCheckpoint.map { LatestCheckpointView(step: $0.step, sha256: $0.sha256) }
    }
}

extension WireValue {
    /// Reads what this daemon stored as text.
    init(stored text: String) throws {
        try self.init(wire: WireReader(JSON(parsing: text, limits: .own)))
    }
}
