import HTTP
import Jobs
import Reactor
import Store

/// Sends a job's log as it grows, to the end of the job. No line is lost: the job is looked at before the log is read,
/// so that what a final job wrote is read once more before the stream ends.
struct LogFollower: Sendable {
    let job: JobID
    let directory: String
    let offset: Int64
    let services: Services

    private static let block = 1 << 16
    /// A worker that traps writes its last words itself, without a frame: so look now and then.
    private static let patience = Duration.milliseconds(500)

    func run(_ writer: ResponseWriter) async throws {
        let subscription = services.logs.subscribe(to: job)
        defer { services.logs.unsubscribe(subscription, from: job) }
        var offset = offset
        var log: JobLogFile?
        while true {
            let record = try await services.store.job(job)
            let isOver = record?.state.isFinal ?? true || services.phase.phase == .draining
            if log == nil { log = try await DiskWork.run { [directory] in try JobLogFile(modelDirectory: directory) } }
            if let log {
                while true {
                    let from = offset
                    let bytes = try await DiskWork.run { try log.read(at: from, count: Self.block) }
                    if bytes.isEmpty { break }
                    try await writer.write(bytes)
                    offset += Int64(bytes.count)
                }
            }
            if isOver { return }
            let deadline = services.reactor.clock.now() + Self.patience
            if case .cancelled = await subscription.next(until: deadline) { throw CancellationError() }
        }
    }
}
