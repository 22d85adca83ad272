extension EventLoop {
    /// Runs an async `body` on the reactor and returns what it returns; what it awaits comes back to the reactor. From anywhere: at
    /// once when the caller is there. Cancelling the caller cancels it.
    /// - Throws: what `body` throws.
    package func execute<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        if isOnReactor { return try await body() }
        let task = Task(executorPreference: self, operation: body)
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
