import GRDB
import Synchronization

/// The truth about every job: SQLite in one file of the state folder.
///
/// One connection writes, with group commit; a few read-only connections read at once, and each read sees every commit
/// that was answered before it began. Only the writer checkpoints: a connection that is opened read-only can't.
/// A commit is durable when its call returns: WAL with `synchronous=FULL`.
package final class Store: Sendable {
    /// The database's name in the state folder.
    package static let fileName = "tpud.sqlite"

    let writer: Writer
    private let reader: DatabasePool
    private let fault: StoreFault?
    private let folder: Mutex<FolderHold>

    // A mutex can't hold an optional of a non-copyable type that is given up later, hence this wrapper.
    private struct FolderHold: ~Copyable {
        var folder: StateFolder?
    }

    /// The state folder's path.
    package let path: String

    /// Locks the state folder, opens the database, sets what durability needs and reads it back, and migrates.
    ///
    /// - Parameters:
    ///   - path: The state folder; made when it is missing.
    ///   - fault: What a test injects; nil, the default, for nothing.
    /// - Throws: `folderInUse` when another daemon holds the folder, `newerDatabase`, `setting`, `damaged`, `folder`.
    package init(folder path: String, fault: StoreFault? = nil) throws(StoreError) {
        let folder = try StateFolder(locking: path)
        let queue = try Self.openWriter(path + "/" + Self.fileName)
        try Migrations.run(on: queue)
        try folder.synchronize()
        self.path = path
        self.fault = fault
        writer = Writer(queue: queue, fault: fault)
        reader = try Self.openReaders(path + "/" + Self.fileName)
        self.folder = Mutex(FolderHold(folder: folder))
    }

    /// Closes the database and gives the folder up; what waits is answered first.
    package func close() throws(StoreError) {
        // The readers go first, so that the writer's is the last connection and its closing checkpoint the only one.
        do { try reader.close() } catch { throw StoreError(error) }
        try writer.close()
        folder.withLock { $0.folder = nil }
    }

    /// How long the oldest write has waited for its commit, in effect since the last batch was answered; nil when none
    /// waits. A commit that fails is an answer, too.
    package var commitWait: Duration? { writer.oldestWait }

    /// How many writes wait for the next transaction: a figure of how busy the disk is.
    package var waitingWrites: Int { writer.waiting }

    /// Reads on one of the read-only connections, in one snapshot.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            reader.asyncRead { db in
                do {
                    continuation.resume(returning: .success(try body(db.get())))
                } catch {
                    continuation.resume(returning: .failure(StoreError(error)))
                }
            }
        }
        return try result.get()
    }

    /// Writes a copy of the database as it stands, under a temporary name until it is complete and on disk.
    ///
    /// - Throws: `folder` when the file can't be made, or an error of SQLite's.
    package func backup(to file: String) throws(StoreError) {
        try Backup.copy(from: reader, to: file, fault: fault)
    }

    private static func openWriter(_ file: String) throws(StoreError) -> DatabaseQueue {
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
