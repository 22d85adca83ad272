/// Work that may wait for the disk or takes long: never on the reactor's thread.
package enum DiskWork {
    /// Runs `body` on the process's common threads and comes back. A detached task, as a plain one, or a child of this
    /// one, would stay on the reactor.
    package static func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await Task.detached { try body() }.value
    }
}
