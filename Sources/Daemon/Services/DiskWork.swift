package import Reactor

/// Work that may wait for the disk or takes long: never on the reactor's thread, and never on Swift's own threads, of
/// which there are as many as processors.
package enum DiskWork {
    /// How far such work steps back behind the reactor's thread, which has little to do at a time but must do it at once.
    package static let niceness: CInt = 5

    /// Few processors are enough for many disks' waiting.
    package static let pool: ThreadPool = {
        do throws(SystemError) {
            return try ThreadPool(threads: 8, name: "disk", niceness: niceness)
        } catch {
            // The first use is the opening of the store, before anything is served.
            preconditionFailure("the daemon needs threads for its disk: \(error)")
        }
    }()

    /// Runs `body` on one of the pool's threads and comes back.
    /// - Throws: what `body` throws; `CancellationError` when the task was cancelled before the work began.
    package static func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await pool.run(body)
    }
}
