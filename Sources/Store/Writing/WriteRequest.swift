import GRDB

/// One request in a batch.
protocol WriteRequest: AnyObject, Sendable {
    /// Whether it may use the reserve when the disk is full.
    var isVital: Bool { get }
    /// Whether others like it are on their way, with which it may share a transaction.
    var hasCompany: Bool { get }
    /// When it came, in nanoseconds of the monotonic clock.
    var since: UInt64 { get }
    /// Runs it; whether it succeeded.
    /// - Parameter isAlone: Whether the transaction holds nothing else, so that a failure undoes it as a whole; else it
    ///   runs in a savepoint.
    func run(in db: Database, _ batch: inout Writer.Batch, isAlone: Bool) -> Bool
    /// Its own error, once it ran.
    var failure: StoreError? { get }
    /// Tells whoever waits: the batch's failure, or its own result.
    func answer(_ batchFailure: StoreError?)
}

// @unchecked: only the writer's queue touches the result, in one order: run, failure, answer.
final class WriterRequest<Value: Sendable>: WriteRequest, @unchecked Sendable {
    let isVital: Bool
    let hasCompany: Bool
    let since: UInt64
    private let body: @Sendable (Database, inout Writer.Batch) throws -> Value
    private let continuation: CheckedContinuation<Result<Value, StoreError>, Never>
    private var result: Result<Value, StoreError> = .failure(.closed)

    init(
        isVital: Bool, hasCompany: Bool, since: UInt64,
        body: @escaping @Sendable (Database, inout Writer.Batch) throws -> Value,
        continuation: CheckedContinuation<Result<Value, StoreError>, Never>
    ) {
        self.isVital = isVital
        self.hasCompany = hasCompany
        self.since = since
        self.body = body
        self.continuation = continuation
    }

    func run(in db: Database, _ batch: inout Writer.Batch, isAlone: Bool) -> Bool {
        do {
            var changed = batch
            let value = isAlone ? try body(db, &changed) : try inSavepoint(of: db) { try body(db, &changed) }
            batch = changed
            result = .success(value)
            return true
        } catch {
            result = .failure(StoreError(error))
            return false
        }
    }

    /// As GRDB's `inSavepoint`, with statements that are kept.
    private func inSavepoint(of db: Database, _ body: () throws -> Value) throws -> Value {
        try db.cachedStatement(sql: "SAVEPOINT request").execute()
        do {
            let value = try body()
            try db.cachedStatement(sql: "RELEASE request").execute()
            return value
        } catch {
            // On some errors SQLite undoes the whole transaction by itself.
            if db.isInsideTransaction {
                try db.cachedStatement(sql: "ROLLBACK TO request").execute()
                try db.cachedStatement(sql: "RELEASE request").execute()
            }
            throw error
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
