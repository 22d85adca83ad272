import GRDB

/// What the writer keeps besides transactions: the reserve for a full disk, the log of writes, and how it does.
struct Upkeep {
    private var reserve: ReserveFile
    private var wal: WALUpkeep
    private var failure: StoreError?
    private let tell: @Sendable (StoreNotice) -> Void

    init(reserve: ReserveFile, wal: WALUpkeep, tell: @escaping @Sendable (StoreNotice) -> Void) {
        self.reserve = reserve
        self.wal = wal
        self.tell = tell
        if reserve.isGivenUp { tell(.diskFull) }
    }

    /// Whether the reserve is given up and there is still no room to make it again.
    mutating func isDiskFull() -> Bool {
        guard reserve.isGivenUp else { return false }
        guard reserve.make() else { return true }
        tell(.roomAgain)
        return false
    }

    /// The disk is full; whether there was a reserve to give up.
    mutating func giveUpReserve() -> Bool {
        guard reserve.giveUp() else { return false }
        tell(.diskFull)
        return true
    }

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
        figures.isReserveGivenUp = reserve.isGivenUp
        return figures
    }
}
