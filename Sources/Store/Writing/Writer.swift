import GRDB
import Jobs
import Synchronization

/// The one connection that writes and checkpoints, with group commit: requests that wait while a commit is under way
/// share the next transaction and its one fsync, and are answered after it.
///
/// A request that fails undoes only itself (a savepoint each). Debian's SQLite 3.40.1 can lose a commit when two
/// connections checkpoint at the same time; here a single connection ever does: readers are opened read-only.
final class Writer: Sendable {
    /// What the requests of one transaction share.
    struct Batch {
        /// How many jobs are in each state, once somebody has counted; every change keeps it up to date.
        fileprivate(set) var counts: StateCounts?

        /// The counts, which the first who asks makes.
        mutating func counts(in db: Database) throws -> StateCounts {
            let known = try counts ?? StateCounts(counting: db)
            counts = known
            return known
        }

        /// A job went from one state to another; from nil it is new, to nil it is gone.
        mutating func moved(from: JobState?, to: JobState?) { counts?.move(from: from, to: to) }
    }

    private struct Inbox {
        var requests: [any WriteRequest] = []
        var isDraining = false
        var isClosed = false
        /// When the oldest request came that has no answer yet; nil when there is none.
        var since: ContinuousClock.Instant?
    }

    /// So many requests share a transaction at most: this bounds how long the first waits for the last.
    static let largestBatch = 512

    private let queue: DatabaseQueue
    private let fault: StoreFault?
    private let inbox = Mutex(Inbox())
    /// As of the last commit; nil until somebody has counted, and again when it is not known what was committed.
    private let counts = Mutex<StateCounts?>(nil)

    init(queue: DatabaseQueue, fault: StoreFault?) {
        self.queue = queue
        self.fault = fault
    }

    /// Runs `body` in the next transaction and returns when that is durable.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database, inout Batch) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            let request = Request(body: body, continuation: continuation)
            let action = inbox.withLock { inbox -> Action in
                if inbox.isClosed { return .refuse }
                inbox.requests.append(request)
                if inbox.isDraining { return .none }
                inbox.isDraining = true
                inbox.since = .now
                return .drain
            }
            switch action {
            case .none: break
            case .drain: queue.asyncWriteWithoutTransaction { self.drain($0) }
            case .refuse: continuation.resume(returning: .failure(.closed))
            }
        }
        return try result.get()
    }

    /// How long the oldest request has waited for its answer; nil when none waits.
    var oldestWait: Duration? { inbox.withLock { inbox in inbox.since.map { .now - $0 } } }

    /// How many requests wait for the next transaction.
    var waiting: Int { inbox.withLock { $0.requests.count } }

    /// How many jobs are in each state as of the last commit; nil when they have to be counted.
    var stateCounts: StateCounts? { counts.withLock { $0 } }

    /// Answers what waits, takes no more, and closes the connection.
    func close() throws(StoreError) {
        inbox.withLock { $0.isClosed = true }
        do { try queue.close() } catch { throw StoreError(error) }
    }

    private enum Action { case none, drain, refuse }

    private func drain(_ db: Database) {
        while let requests = take() {
            let failure = transact(requests, in: db)
            for request in requests { request.answer(failure) }
        }
    }

    private func take() -> [any WriteRequest]? {
        inbox.withLock { inbox in
            if inbox.requests.isEmpty {
                inbox.isDraining = false
                inbox.since = nil
                return nil
            }
            inbox.since = .now
            let requests = Array(inbox.requests.prefix(Self.largestBatch))
            inbox.requests.removeFirst(requests.count)
            return requests
        }
    }

    /// One transaction for all of them; the error that undid it as a whole, if one did.
    private func transact(_ requests: [any WriteRequest], in db: Database) -> StoreError? {
        do {
            try fault?(.begin)
            try db.beginTransaction(.immediate)
            var batch = Batch(counts: stateCounts)
            var anySucceeded = false
            for request in requests {
                try fault?(.request)
                if request.run(in: db, &batch) { anySucceeded = true }
                // SQLite undoes the whole transaction by itself on some errors (a full disk): what came before is
                // gone, too.
                guard db.isInsideTransaction else { throw request.failure ?? .database(code: -1, "rolled back") }
            }
            guard anySucceeded else {
                try db.rollback()
                return nil
            }
            try fault?(.commit)
            counts.withLock { $0 = nil }
            try db.commit()
            counts.withLock { [batch] in $0 = batch.counts }
            try fault?(.committed)
            return nil
        } catch {
            if db.isInsideTransaction {
                do { try db.rollback() } catch { return StoreError(error) }
            }
            return StoreError(error)
        }
    }
}

/// One request in a batch.
private protocol WriteRequest: AnyObject, Sendable {
    /// Runs it in a savepoint; whether it succeeded.
    func run(in db: Database, _ batch: inout Writer.Batch) -> Bool
    /// Its own error, once it ran.
    var failure: StoreError? { get }
    /// Tells whoever waits: the batch's failure, or its own result.
    func answer(_ batchFailure: StoreError?)
}

// Only the writer's queue touches the result, in one order: run, failure, answer.
private final class Request<Value: Sendable>: WriteRequest, @unchecked Sendable {
    private let body: @Sendable (Database, inout Writer.Batch) throws -> Value
    private let continuation: CheckedContinuation<Result<Value, StoreError>, Never>
    private var result: Result<Value, StoreError> = .failure(.closed)

    init(
        body: @escaping @Sendable (Database, inout Writer.Batch) throws -> Value,
        continuation: CheckedContinuation<Result<Value, StoreError>, Never>
    ) {
        self.body = body
        self.continuation = continuation
    }

    func run(in db: Database, _ batch: inout Writer.Batch) -> Bool {
        do {
            var value: Value?
            var changed = batch
            try db.inSavepoint {
                value = try body(db, &changed)
                return .commit
            }
            guard let value else { throw StoreError.database(code: -1, "a savepoint gave no value") }
            batch = changed
            result = .success(value)
            return true
        } catch {
            result = .failure(StoreError(error))
            return false
        }
    }

    var failure: StoreError? {
        if case .failure(let error) = result { error } else { nil }
    }

    func answer(_ batchFailure: StoreError?) {
        if let batchFailure, failure == nil || failure == .closed {
            continuation.resume(returning: .failure(batchFailure))
        } else {
            continuation.resume(returning: result)
        }
    }
}
