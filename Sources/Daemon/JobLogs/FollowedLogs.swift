import HTTP
package import Jobs
import Logging
package import Reactor
import Synchronization

/// The clients that follow logs. Each costs one small object; nothing is looked at and no file is open while nothing is
/// announced.
///
/// A job's log is announced when its worker says that it wrote a line, when the job changes, and when an attempt ends,
/// which covers what a worker that trapped wrote itself. No line is lost: the job is looked at before its log is read, so
/// that what a final job wrote is read once more before the stream ends.
// @unchecked: all but the atomic count is touched on the reactor's thread alone.
package final class FollowedLogs: @unchecked Sendable {
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

    /// The followers of one job's log.
    private struct Followed {
        var all: [LogFollower] = []
        /// Those that have to be served although nothing was announced.
        var some: [LogFollower] = []
        var wasAnnounced = false
        var isPumping = false
    }

    /// Bytes that are read at once.
    private static let block = 1 << 16
    /// How long followers are not told of more at most.
    private static let longestPause = Duration.milliseconds(250)
    /// How many writes are made in one turn of the reactor.
    private static let slice = 32

    private let reactor: EventLoop
    private let source: Source
    private var followed: [JobID: Followed] = [:]
    private let following = Atomic(0)

    /// Nobody follows yet.
    package init(reactor: EventLoop, source: Source) {
        self.reactor = reactor
        self.source = source
    }

    /// How many follow; from anywhere.
    package var count: Int { following.load(ordering: .relaxed) }

    /// A job's log may have grown, or the job has ended. From anywhere; does not wait.
    package func announce(_ job: JobID) {
        reactor.perform { [self] in
            guard followed[job] != nil else { return }
            followed[job]?.wasAnnounced = true
            pump(job)
        }
    }

    /// Makes every log be looked at. From anywhere.
    package func announceAll() {
        reactor.perform { [self] in
            for job in Array(followed.keys) { announce(job) }
        }
    }

    // MARK: On the reactor

    func add(_ follower: LogFollower) {
        follower.index = followed[follower.job]?.all.count ?? 0
        followed[follower.job, default: Followed()].all.append(follower)
        following.add(1, ordering: .relaxed)
        serve(follower)
    }

    func remove(_ follower: LogFollower) {
        guard let index = follower.index, let last = followed[follower.job]?.all.popLast() else { return }
        if last !== follower {
            followed[follower.job]?.all[index] = last
            last.index = index
        }
        follower.index = nil
        following.subtract(1, ordering: .relaxed)
        if let rest = followed[follower.job], rest.all.isEmpty, !rest.isPumping { followed[follower.job] = nil }
    }

    /// One follower may have something to read.
    func serve(_ follower: LogFollower) {
        followed[follower.job]?.some.append(follower)
        pump(follower.job)
    }

    private func pump(_ job: JobID) {
        guard followed[job]?.isPumping == false else { return }
        followed[job]?.isPumping = true
        Task(executorPreference: reactor) { [self] in
            while let followers = takeWork(job) {
                let began = reactor.clock.now()
                do {
                    try await serve(followers, of: job)
                } catch {
                    source.failed(job, error)
                    for follower in followers where follower.index != nil { follower.breakOff() }
                }
                // A log with many followers that grows all the time takes a quarter of the time: its lines come some at a
                // time then.
                try? await reactor.sleep(for: min(reactor.clock.now().since(began) * 3, Self.longestPause))
            }
        }
    }

    /// The followers to serve now; nil when there is nothing to do.
    private func takeWork(_ job: JobID) -> [LogFollower]? {
        guard let work = followed[job] else { return nil }
        let followers = work.wasAnnounced ? work.all : work.some
        followed[job]?.wasAnnounced = false
        followed[job]?.some = []
        if !followers.isEmpty { return followers }
        followed[job]?.isPumping = false
        if work.all.isEmpty { followed[job] = nil }
        return nil
    }

    /// Sends to each what it has not seen, and ends those of a job that is over.
    private func serve(_ followers: [LogFollower], of job: JobID) async throws {
        let found = try await source.look(job)
        let log = try await DiskWork.run { try found.flatMap { try JobLogFile(modelDirectory: $0.folder) } }
        // Most followers are at the same place: the last block is read once for all of them.
        var last: (offset: Int64, bytes: [UInt8])?
        var writes = 0
        for follower in followers {
            while follower.wantsMore {
                let offset = follower.offset
                if last?.offset != offset {
                    last = (offset, try await DiskWork.run { try log?.read(at: offset, count: Self.block) ?? [] })
                }
                // It may have gone while the log was read.
                guard let bytes = last?.bytes, follower.wantsMore else { break }
                if bytes.isEmpty {
                    if found?.isOver ?? true { follower.finish() }
                    break
                }
                follower.write(bytes)
                writes += 1
                if writes % Self.slice == 0 { await Task.yield() }
            }
        }
    }
}
