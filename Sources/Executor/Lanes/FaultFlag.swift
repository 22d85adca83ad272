import Synchronization

/// What goes wrong in a step's tasks: the first assignment, in order, that stored a value that is not finite, and the
/// first error of a kernel. Costs nothing as long as all is well.
final class FaultFlag: Sendable {
    private let order = Atomic<Int>(.max)
    private let error = Mutex<ExecutorError?>(nil)
    private let hasError = Atomic<Bool>(false)

    /// Notes that the assignment of this number stored a value that is not finite.
    func report(_ assignment: Int) { order.min(assignment, ordering: .relaxed) }

    /// Notes an error; the first one counts.
    func report(_ fault: ExecutorError) {
        error.withLock { if $0 == nil { $0 = fault } }
        hasError.store(true, ordering: .releasing)
    }

    /// The first assignment whose value is not finite, and forgets it.
    func takeOrder() -> Int? {
        guard order.load(ordering: .relaxed) < .max else { return nil }
        return order.exchange(.max, ordering: .relaxed)
    }

    /// Throws the error that was noted, and forgets it.
    func throwError() throws(ExecutorError) {
        guard hasError.load(ordering: .acquiring) else { return }
        hasError.store(false, ordering: .relaxed)
        let fault = error.withLock { value in
            defer { value = nil }
            return value
        }
        if let fault { throw fault }
    }
}
