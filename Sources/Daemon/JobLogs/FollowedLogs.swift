package import Jobs
package import Reactor

/// The clients that follow logs. No file is open while nothing is announced.
///
/// A job's log is announced when its worker says that it wrote a line, when the job changes, and when an attempt ends,
/// which covers what a worker that trapped wrote itself. No line is lost: the job is looked at before its log is read, so
/// that what a final job wrote is read once more before the stream ends.
package final class FollowedLogs: Sendable {
    /// What they need of the daemon.
    package struct Source: Sendable {
        /// A job's model folder, and whether it writes nothing more; nil when there is no such job.
        var look: @Sendable (JobID) async throws -> (folder: String, isOver: Bool)?
        /// Told when a log can't be read.
        var failed: @Sendable (JobID, any Error) -> Void

        /// Makes it of its members.
        package init(
            look: @escaping @Sendable (JobID) async throws -> (folder: String, isOver: Bool)?,
            failed: @escaping @Sendable (JobID, any Error) -> Void
        ) {
            self.look = look
            self.failed = failed
        }
    }

    /// Bytes that are read at once.
    private static let block = 1 << 16

    let audience: StreamAudience<JobID, Int64>

    /// Nobody follows yet.
    package init(reactor: EventLoop, source: Source) {
        audience = StreamAudience(
            reactor: reactor, source: .init(open: { try await Self.open($0, source) }, failed: source.failed))
    }

    /// How many follow; from anywhere.
    package var count: Int { audience.count }

    /// A job's log may have grown, or the job has ended. From anywhere; does not wait.
    package func announce(_ job: JobID) { audience.announce([job]) }

    /// Makes every log be looked at. From anywhere.
    package func announceAll() { audience.announceAll() }

    private static func open(
        _ job: JobID, _ source: Source
    ) async throws -> @Sendable (Int64) async throws -> StreamAudience<JobID, Int64>.Block {
        let found = try await source.look(job)
        let isOver = found?.isOver ?? true
        let log = try await DiskWork.run { try found.flatMap { try JobLogFile(modelDirectory: $0.folder) } }
        return { offset in
            let bytes = try await DiskWork.run { try log?.read(at: offset, count: Self.block) ?? [] }
            return .init(
                bytes: bytes, end: offset + Int64(bytes.count),
                next: bytes.count == Self.block ? .more : isOver ? .end : .nothing)
        }
    }
}
