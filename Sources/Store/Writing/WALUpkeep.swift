import GRDB
import Glibc

/// What the writer does for the log of writes besides SQLite's own checkpoints at every thousandth page: SQLite keeps
/// silent about one that fails, and the log grows until the disk is full.
///
/// Only the writer's connection ever checkpoints: Debian's SQLite 3.40.1 can lose a commit when two do at the same time.
struct WALUpkeep {
    /// From this length on, SQLite's own checkpoints don't keep up or fail: it is tried by hand, and a failure told.
    static let watched = 16 << 20
    /// From this length on, the readers are waited for, so that the log begins anew.
    static let largest = 128 << 20
    /// So many commits lie between two looks.
    private static let pause = 64

    private let path: String
    private var commits = 0
    /// How long the log was when it was looked at last.
    private(set) var bytes = 0
    /// Why the last checkpoint by hand failed; nil when it did not.
    private(set) var failure: StoreError?
    /// Whether rows were deleted whose space the file system has not got back.
    private var hasFreed = false

    init(database: String) { path = database + "-wal" }

    /// After every commit.
    mutating func committed(freed: Bool, in db: Database, fault: StoreFault?) {
        hasFreed = hasFreed || freed
        commits += 1
        guard commits >= Self.pause || freed else { return }
        commits = 0
        giveBack(in: db)
        look()
        guard bytes >= Self.watched || failure != nil else { return }
        do {
            try fault?(.checkpoint)
            _ = try db.checkpoint(bytes >= Self.largest ? .truncate : .passive)
            failure = nil
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // A reader is in the way: next time.
        } catch {
            failure = StoreError(error)
        }
        look()
    }

    /// Gives pages that deleted rows left to the file system, a few at a time. What fails is tried again later.
    private mutating func giveBack(in db: Database) {
        guard hasFreed else { return }
        do {
            _ = try Row.fetchAll(db, sql: "PRAGMA incremental_vacuum(256)")
            hasFreed = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0 > 0
        } catch {
            hasFreed = true
        }
    }

    private mutating func look() {
        var state = stat()
        bytes = stat(path, &state) == 0 ? Int(state.st_size) : 0
    }
}
