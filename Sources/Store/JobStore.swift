import GRDB
import Glibc
package import Jobs
import Synchronization

/// What is known of every job: SQLite in one file of the state folder.
///
/// One connection writes, with group commit; a few read-only connections read at once, and each read sees every commit
/// that was answered before it began. Only the writer checkpoints: a connection that is opened read-only can't.
/// A commit is durable when its call returns: WAL with `synchronous=FULL`.
package final class JobStore: Sendable {
    /// The database's name in the state folder.
    package static let fileName = "tpud.sqlite"

    let writer: Writer
    private let reader: DatabasePool
    private let fault: StoreFault?
    private let onThread: @Sendable () -> Void
    private let folder: Mutex<FolderHold>
    let unreadable: UnreadableRows

    // A mutex can't hold an optional of a non-copyable type that is given up later, hence this wrapper.
    private struct FolderHold: ~Copyable {
        var folder: StateFolder?
    }

    /// The state folder's path.
    package let path: String

    /// Locks the state folder, opens the database, checks that it is the folder's own, whole after an end that was not a
    /// clean one and not newer, sets what durability needs and reads it back, and migrates.
    ///
    /// - Parameters:
    ///   - path: The state folder; made when it is missing.
    ///   - fault: What a test injects; nil, the default, for nothing.
    ///   - monotonic: Nanoseconds of a clock that never goes back, for ``figures``; default CLOCK_MONOTONIC.
    ///   - tell: Gets what the store tells its owner, on the writer; default nobody.
    ///   - onThread: Called on the thread of each read and write before it begins; default nothing.
    /// - Throws: `folderInUse` when another daemon holds the folder, `lostDatabase`, `newerDatabase`, `setting`,
    ///   `damaged`, `folder`, `diskFull`.
    package init(
        folder path: String, fault: StoreFault? = nil,
        monotonic: @escaping @Sendable () -> UInt64 = JobStore.monotonicNanoseconds,
        tell: @escaping @Sendable (StoreNotice) -> Void = { _ in },
        onThread: @escaping @Sendable () -> Void = {}
    ) throws(StoreError) {
        let folder = try StateFolder(locking: path)
        let file = path + "/" + Self.fileName
        var reserve = ReserveFile(in: path)
        let queue = try Self.open(in: path, file: file, with: &reserve, fault: fault)
        try folder.synchronize()
        self.path = path
        self.onThread = onThread
        unreadable = UnreadableRows(tell: tell)
        self.fault = fault
        let counts: StateCounts
        let changed = ChangedJobs()
        do {
            counts = try queue.read { db in try StateCounts(counting: db) }
            try queue.writeWithoutTransaction(changed.watch)
        } catch { throw StoreError(error) }
        writer = Writer(
            queue: queue, file: file, counts: counts, changed: changed, reserve: reserve, fault: fault,
            monotonic: monotonic, tell: tell, onThread: onThread)
        reader = try Self.openReaders(file)
        self.folder = Mutex(FolderHold(folder: folder))
    }

    /// What the last daemon left has to be taken up on a full disk, too: with as much of the reserve as that takes.
    private static func open(
        in folder: String, file: String, with reserve: inout ReserveFile, fault: StoreFault?
    ) throws(StoreError) -> DatabaseQueue {
        while true {
            do throws(StoreError) {
                return try Opening.run(in: folder, file: file, fault: fault)
            } catch {
                guard error.condition == .diskFull, reserve.release() else { throw error }
            }
        }
    }

    /// Nanoseconds of CLOCK_MONOTONIC.
    package static let monotonicNanoseconds: @Sendable () -> UInt64 = {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Closes the database and gives the folder up; what waits is answered first. A disk that does not take the mark of a
    /// clean end costs the next opening a check.
    package func close() throws(StoreError) {
        // The readers go first, so that the writer's is the last connection and its closing checkpoint the only one.
        do { try reader.close() } catch { throw StoreError(error) }
        try writer.close { [path, fault] db in try Opening.end(db, in: path, fault: fault) }
        folder.withLock { $0.folder = nil }
    }

    /// How many writes wait for the next transaction: a figure of how busy the disk is.
    package var waitingWrites: Int { writer.waiting }

    /// Tells of every commit that has new events the jobs that have them: on the writer's own thread, before whoever made
    /// the change is answered, so that it must not wait. A read that begins by then sees them. One listener at a time.
    package func whenEventsCommit(_ tell: @escaping @Sendable (Set<JobID>) -> Void) { writer.whenEventsCommit(tell) }

    /// Tells of every commit that changes jobs, before and after it: on the writer's own thread, so that it must not wait. One
    /// listener at a time, from before the first change that it is to hear of.
    package func whenJobsChange(_ tell: @escaping @Sendable (JobCommit) -> Void) { writer.whenJobsChange(tell) }

    /// Tells of every commit that has something new to be delivered: on the writer's own thread, so that it must not wait. One
    /// listener at a time.
    package func whenDeliveriesCommit(_ tell: @escaping @Sendable () -> Void) { writer.whenDeliveriesCommit(tell) }

    /// Reads on one of the read-only connections, in one snapshot.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            reader.asyncRead { [onThread] db in
                onThread()
                do {
                    continuation.resume(returning: .success(try body(db.get())))
                } catch {
                    continuation.resume(returning: .failure(StoreError(error)))
                }
            }
        }
        return try result.get()
    }

    /// Writes a copy of the database as it is, under a temporary name until it is complete and on disk.
    ///
    /// - Throws: `folder` when the file can't be made, or an error of SQLite's.
    package func backup(to file: String) throws(StoreError) {
        try Backup.copy(from: reader, to: file, fault: fault)
    }

    static func openWriter(_ file: String) throws(StoreError) -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "tpud.store.writer"
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase(AutoVacuum.choose)
        do {
            let queue = try DatabaseQueue(path: file, configuration: configuration)
            // GRDB's own WAL setting turns synchronous down to NORMAL once the connection is open: so it is not used.
            try queue.writeWithoutTransaction { db in
                try set("journal_mode", to: "wal", in: db)
                try set("synchronous", to: "FULL", readBack: "2", in: db)
                try set("foreign_keys", to: "ON", readBack: "1", in: db)
                try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
            }
            return queue
        } catch { throw StoreError(error) }
    }

    static func openReader(_ file: String) throws(StoreError) -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "tpud.store.reader"
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        do { return try DatabaseQueue(path: file, configuration: configuration) } catch { throw StoreError(error) }
    }

    private static func openReaders(_ file: String) throws(StoreError) -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "tpud.store.readers"
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        do { return try DatabasePool(path: file, configuration: configuration) } catch { throw StoreError(error) }
    }

    /// Sets a pragma and refuses to go on when SQLite did not take it.
    private static func set(
        _ name: String, to value: String, readBack: String? = nil, in db: Database
    ) throws {
        try db.execute(sql: "PRAGMA \(name) = \(value)")
        let got = try String.fetchOne(db, sql: "PRAGMA \(name)") ?? "nothing"
        guard got == readBack ?? value else { throw StoreError.setting(name: name, wanted: value, got: got) }
    }
}
