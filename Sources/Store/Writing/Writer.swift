import GRDB
import Glibc
import Jobs
import Synchronization

/// The one connection that writes and checkpoints, with group commit: requests that wait while a commit is under way
/// share the next transaction and its one fsync, and are answered after it.
///
/// A request that fails undoes only itself (a savepoint each, where there are several). Debian's SQLite 3.40.1 can lose a commit when two
/// connections checkpoint at the same time; here a single connection ever does: readers are opened read-only.
final class Writer: Sendable {
    /// What the requests of one transaction share.
    struct Batch {
        /// How many jobs are in each state, once somebody has counted; every change keeps it up to date.
        fileprivate(set) var counts: StateCounts?
        /// Whether rows were deleted whose space may go back to the file system.
        var hasFreed = false
        /// Whether there is something new to be delivered.
        var hasDeliveries = false
        /// The jobs that have new events.
        fileprivate private(set) var haveEvents: Set<JobID> = []

        /// The counts, which the first who asks makes.
        mutating func counts(in db: Database) throws -> StateCounts {
            let known = try counts ?? StateCounts(counting: db)
            counts = known
            return known
        }

        /// A job has a new event.
        mutating func happened(to job: JobID) { haveEvents.insert(job) }

        /// A job went from one state to another; from nil it is new, to nil it is gone.
        mutating func moved(from: JobState?, to: JobState?) { counts?.move(from: from, to: to) }
    }

    private struct Inbox {
        var requests: [any WriteRequest] = []
        /// When the oldest request of the transaction that is under way came.
        var underWaySince: UInt64?
        var isDraining = false
        var isClosed = false
    }

    /// So many requests share a transaction at most: this bounds how long the first waits for the last.
    static let largestBatch = 512

    /// How long a transaction waits for others that are on their way before it looks again, in microseconds; how many
    /// times it looks; and how many requests are enough.
    private static let gathering: UInt32 = 3000
    private static let patience = 8
    private static let enough = 16

    private let queue: DatabaseQueue
    private let fault: StoreFault?
    private let monotonic: @Sendable () -> UInt64
    private let onThread: @Sendable () -> Void
    /// Only the writer's queue takes this lock, and holds it while it waits for the disk.
    private let upkeep: Mutex<Upkeep>
    /// What it was when the upkeep looked last: to be read without waiting.
    private let published: Mutex<StoreFigures>
    private let lastCommit: Mutex<UInt64>
    private let inbox = Mutex(Inbox())
    /// As of the last commit; nil when it is not known what was committed.
    private let counts: Mutex<StateCounts?>
    private let listener = Mutex<(@Sendable (Set<JobID>) -> Void)?>(nil)
    private let deliverer = Mutex<(@Sendable () -> Void)?>(nil)
    private let keeper = Mutex<(@Sendable (JobCommit) -> Void)?>(nil)
    private let changed: ChangedJobs

    init(
        queue: DatabaseQueue, file: String, counts: StateCounts, changed: ChangedJobs, reserve: ReserveFile,
        fault: StoreFault?, monotonic: @escaping @Sendable () -> UInt64,
        tell: @escaping @Sendable (StoreNotice) -> Void, onThread: @escaping @Sendable () -> Void
    ) {
        self.changed = changed
        self.queue = queue
        self.fault = fault
        self.monotonic = monotonic
        self.onThread = onThread
        let keep = Upkeep(reserve: reserve, wal: WALUpkeep(database: file), tell: tell)
        published = Mutex(keep.figures)
        upkeep = Mutex(keep)
        lastCommit = Mutex(monotonic())
        self.counts = Mutex(counts)
    }

    /// Runs `body` in the next transaction and returns when that is durable. On a full disk it may run twice.
    ///
    /// - Parameters:
    ///   - isVital: Whether it ends or moves jobs or makes room, so that it may use the reserve when the disk is
    ///   full; default false.
    ///   - hasCompany: Whether others like it are about to come: the transaction then waits a moment for them, as one
    ///   commit of several costs much less than several of one. Default false.
    func write<Value: Sendable>(
        isVital: Bool = false, hasCompany: Bool = false,
        _ body: @escaping @Sendable (Database, inout Batch) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            let request = WriterRequest(
                isVital: isVital, hasCompany: hasCompany, since: monotonic(), body: body, continuation: continuation)
            let action = inbox.withLock { inbox -> Action in
                if inbox.isClosed { return .refuse }
                inbox.requests.append(request)
                if inbox.isDraining { return .none }
                inbox.isDraining = true
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

    /// How many requests wait for the next transaction.
    var waiting: Int { inbox.withLock { $0.requests.count } }

    /// How many jobs are in each state as of the last commit; nil when they have to be counted.
    var stateCounts: StateCounts? { counts.withLock { $0 } }

    /// How the store does.
    var figures: StoreFigures {
        func seconds(since moment: UInt64) -> Double {
            let now = monotonic()
            return Double(now > moment ? now - moment : 0) / 1e9
        }
        var figures = published.withLock { $0 }
        figures.secondsSinceCommit = seconds(since: lastCommit.withLock { $0 })
        figures.secondsWaiting = inbox.withLock { $0.underWaySince ?? $0.requests.first?.since }.map(seconds(since:))
        return figures
    }

    /// Who is told of every commit that has new events: the jobs that have them.
    func whenEventsCommit(_ tell: @escaping @Sendable (Set<JobID>) -> Void) { listener.withLock { $0 = tell } }

    /// Who is told of every commit that has something new to be delivered.
    func whenDeliveriesCommit(_ tell: @escaping @Sendable () -> Void) { deliverer.withLock { $0 = tell } }

    /// Who is told of every commit that changes jobs.
    func whenJobsChange(_ tell: @escaping @Sendable (JobCommit) -> Void) { keeper.withLock { $0 = tell } }

    /// Works on the upkeep and tells what came of it. On the writer's queue.
    private func keepUp<Value: Sendable>(_ body: (inout Upkeep) -> Value) -> Value {
        let (value, figures) = upkeep.withLock { (body(&$0), $0.figures) }
        published.withLock { $0 = figures }
        return value
    }

    /// Answers what waits, takes no more, does one last thing and closes the connection. That the last thing fails keeps
    /// nothing from being closed.
    func close(_ last: (Database) throws -> Void) throws(StoreError) {
        inbox.withLock { $0.isClosed = true }
        try? queue.writeWithoutTransaction(last)
        do { try queue.close() } catch { throw StoreError(error) }
    }

    private enum Action { case none, drain, refuse }

    private func drain(_ db: Database) {
        onThread()
        while true {
            for _ in 0..<Self.patience {
                guard isExpectingCompany else { break }
                usleep(Self.gathering)
            }
            guard let requests = take() else { return }
            settle(requests, in: db)
            inbox.withLock { $0.underWaySince = nil }
        }
    }

    /// Stores what can be stored and answers all. While the disk is full, that is what ends or moves jobs.
    private func settle(_ requests: [any WriteRequest], in db: Database) {
        let vital = requests.filter(\.isVital)
        if keepUp({ $0.isDiskFull() }) {
            answer(requests.filter { !$0.isVital }, .diskFull)
            return settle(vital: vital, in: db)
        }
        let failure = transact(requests, in: db)
        guard failure?.condition == .diskFull else { return answer(requests, failure) }
        keepUp { $0.foundDiskFull() }
        answer(requests.filter { !$0.isVital }, failure)
        settle(vital: vital, in: db)
    }

    /// Stores what ends or moves jobs on a full disk: with as much of the reserve as that takes.
    private func settle(vital requests: [any WriteRequest], in db: Database) {
        guard !requests.isEmpty else { return }
        var failure = transact(requests, in: db)
        while failure?.condition == .diskFull, keepUp({ $0.releaseReserve() }) { failure = transact(requests, in: db) }
        answer(requests, failure)
    }

    private func answer(_ requests: [any WriteRequest], _ failure: StoreError?) {
        for request in requests { request.answer(failure) }
    }

    private var isExpectingCompany: Bool {
        inbox.withLock { inbox in
            !inbox.requests.isEmpty && inbox.requests.count < Self.enough && inbox.requests.allSatisfy(\.hasCompany)
        }
    }

    private func take() -> [any WriteRequest]? {
        inbox.withLock { inbox in
            if inbox.requests.isEmpty {
                inbox.isDraining = false
                return nil
            }
            let requests = Array(inbox.requests.prefix(Self.largestBatch))
            inbox.requests.removeFirst(requests.count)
            inbox.underWaySince = requests.first?.since
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
                if request.run(in: db, &batch, isAlone: requests.count == 1) { anySucceeded = true }
                // SQLite undoes the whole transaction by itself on some errors (a full disk): what came before is
                // gone, too.
                guard db.isInsideTransaction else { throw request.failure ?? .database(code: -1, "rolled back") }
                // One that the machine failed is not wrong by itself: the batch is, and may be tried anew.
                if let failure = request.failure, failure.condition != nil { throw failure }
            }
            guard anySucceeded else {
                try db.rollback()
                return nil
            }
            try fault?(.commit)
            do {
                try commit(db)
            } catch {
                counts.withLock { $0 = nil }
                throw error
            }
            counts.withLock { [batch] in $0 = batch.counts }
            lastCommit.withLock { $0 = monotonic() }
            if !batch.haveEvents.isEmpty, let tell = listener.withLock({ $0 }) { tell(batch.haveEvents) }
            if batch.hasDeliveries, let tell = deliverer.withLock({ $0 }) { tell() }
            keepUp { $0.committed(freed: batch.hasFreed, in: db, fault: fault) }
            try fault?(.committed)
            return nil
        } catch {
            var failure = StoreError(error)
            if db.isInsideTransaction {
                do { try db.rollback() } catch { failure = StoreError(error) }
            }
            keepUp { $0.failed(failure) }
            return failure
        }
    }

    /// Commits between the two things that whoever keeps jobs in memory is told.
    private func commit(_ db: Database) throws {
        guard let jobs = changed.take(), let tell = keeper.withLock({ $0 }) else { return try db.commit() }
        tell(.begins(jobs))
        defer { tell(.over) }
        try db.commit()
    }
}
