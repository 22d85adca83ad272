import GRDB

/// What the writer keeps besides transactions: the reserve for a full disk, the log of writes, and how it does.
struct Upkeep {
    private var reserve: ReserveFile
    private var isFull = false
    private var wal: WALUpkeep
    private var failure: StoreError?
    private let tell: @Sendable (StoreNotice) -> Void

    init(reserve: ReserveFile, wal: WALUpkeep, tell: @escaping @Sendable (StoreNotice) -> Void) {
        self.reserve = reserve
        self.wal = wal
        self.tell = tell
        isFull = !reserve.isWhole
        if isFull { tell(.diskFull) }
    }

    /// Whether the disk was full and there is still no room for the reserve and as much again.
    mutating func isDiskFull() -> Bool {
        guard isFull else { return false }
        guard reserve.hasRoom, reserve.make() else { return true }
        isFull = false
        tell(.roomAgain)
        return false
    }

    /// A commit found the disk full.
    mutating func foundDiskFull() {
        if !isFull { tell(.diskFull) }
        isFull = true
    }

    /// Gives up a part of the reserve; whether there was one.
    mutating func releaseReserve() -> Bool { reserve.release() }

    /// A transaction has been committed.
    mutating func committed(freed: Bool, in db: Database, fault: StoreFault?) {
        failure = nil
        let before = wal.failure
        wal.committed(freed: freed, in: db, fault: fault)
        switch (before, wal.failure) {
        case (nil, let failure?): tell(.checkpointFailed(failure))
        case (_?, nil): tell(.checkpointsAgain)
        default: break
        }
    }

    /// A transaction could not be committed.
    mutating func failed(_ error: StoreError) { failure = error }

    /// How it does; the ages are the writer's to fill in.
    var figures: StoreFigures {
        var figures = StoreFigures()
        figures.failure = failure
        figures.checkpointFailure = wal.failure
        figures.walBytes = wal.bytes
        figures.isDiskFull = isFull
        return figures
    }
}
