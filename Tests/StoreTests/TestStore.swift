import Foundation
import Jobs
import Store

/// A store in a folder of its own, which goes when the value goes.
final class TestStore: Sendable {
    let folder: String
    let store: JobStore

    /// - Parameter folder: The state folder; nil, the default, for a new one.
    init(in folder: String? = nil, fault: StoreFault? = nil) throws {
        self.folder = folder ?? NSTemporaryDirectory() + "tpud-store-\(UUID().uuidString)"
        store = try JobStore(folder: self.folder, fault: fault)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The time of day of the tests: so many seconds after their beginning.
    static func time(_ seconds: Int) -> Timestamp {
        Timestamp(microseconds: (1_700_000_000 + Int64(seconds)) * 1_000_000)
    }

    /// A job whose age is its number.
    static func job(_ number: Int, shards: Int? = 8) -> NewJob {
        let id = JobID(milliseconds: 1_700_000_000_000 + UInt64(number), random: (0, UInt64(number)))
        var job = NewJob(
            id: id, name: "job \(number)", mode: .train, owner: "anonymous", modelDir: "jobs/\(id)",
            createdAt: time(number), spec: "{\"number\":\(number)}")
        job.slice = shards.flatMap { try? Slice(shards: $0) }
        return job
    }

    static let placement = Placement(
        slice: try? Slice(shards: 8), hosts: [Placement.Host(host: 0, cores: Array(0..<8))])

    /// Brings a new job to a state that holds or has ended, by the shortest way.
    @discardableResult
    func job(_ number: Int, in state: JobState) async throws -> JobRecord {
        let job = Self.job(number)
        guard case .created(var record) = try await store.submit(job) else {
            throw StoreError.refused("the job was there")
        }
        // As every other record is read.
        record.spec = nil
        func move(_ move: JobMachine.Move) async throws {
            record = try await store.transition(
                StateChange(job: job.id, version: record.version, move: move, at: Self.time(number + 1)))
        }
        func end(_ outcome: AttemptOutcome, _ move: JobMachine.Move) async throws {
            record = try await store.finishAttempt(
                AttemptFinish(
                    attempt: 1, end: AttemptEnd(outcome: outcome, ranStep: true), endStep: 5, secondsRun: 1,
                    change: StateChange(job: job.id, version: record.version, move: move, at: Self.time(number + 2))))
        }
        switch state {
        case .queued: return record
        case .paused, .expired: try await move(JobMachine.Move(to: state))
        default:
            record = try await store.beginAttempt(
                AttemptStart(
                    job: job.id, version: 1, placement: Self.placement, startStep: 0, targetStep: 100,
                    at: Self.time(number + 1)))
        }
        switch state {
        case .queued, .paused, .expired, .starting: break
        case .running: try await move(JobMachine.Move(to: .running))
        case .stopping: try await move(JobMachine.Move(to: .stopping, intent: .cancel))
        case .retryWait: try await end(.crashed, JobMachine.Move(to: .retryWait, waitSeconds: 5))
        case .succeeded: try await end(.succeeded, JobMachine.Move(to: .succeeded))
        case .failed: try await end(.nanLoss, JobMachine.Move(to: .failed, reason: StateReason(ending: .nanLoss)))
        case .cancelled, .timedOut:
            let intent: StopIntent = state == .cancelled ? .cancel : .timeOut
            try await move(JobMachine.Move(to: .stopping, intent: intent))
            try await end(intent.outcome, JobMachine.Move(to: state))
        }
        return record
    }
}

extension JobStore {
    /// A change without a key, which can't have come before: the job as it is then.
    @discardableResult
    func change(_ id: JobID, version: Int?, to change: JobChange, at: Timestamp) async throws -> JobRecord {
        guard case .done(let job) = try await self.change(id, version: version, to: change, at: at, promise: nil) else {
            throw CameBefore()
        }
        return job
    }
}

/// A request without a key was taken for one that came before.
private struct CameBefore: Error {}
