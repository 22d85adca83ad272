import Executor
import Glibc

/// A real thread for tests of what blocks: runs `body` at once; `join` waits for its result.
struct Thread<Value: Sendable>: Sendable {
    private let outcome = Condition(Result<Value, any Error>?.none)

    init(_ body: @escaping @Sendable () throws -> Value) {
        let outcome = outcome
        startThread {
            let result = Result { try body() }
            outcome.update { $0 = result }
        }
    }

    func join() throws -> Value {
        guard let result = outcome.wait(until: { $0 }) else { preconditionFailure("a wait without a limit ends") }
        return try result.get()
    }
}

private final class Start {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func startThread(_ body: @escaping @Sendable () -> Void) {
    var handle: pthread_t = 0
    let status = pthread_create(
        &handle, nil,
        { argument in
            if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, Unmanaged.passRetained(Start(body)).toOpaque())
    precondition(status == 0, "a test can start a thread")
    pthread_detach(handle)
}
