import Estimator
import Synchronization

/// A session without a device: operations do what the script says, and runs fail where it says.
final class ScriptedSession: Session {
    let variables: SessionVariables
    private let tracer: EventTracer
    private let failures: [TraceThread: Int]
    private let closeFails: Bool
    private let device: @Sendable (SessionVariables) throws -> Void
    private let runs = Mutex<[TraceThread: Int]>([:])

    /// What training or evaluation runs in this session.
    static let deviceLoop = SessionOperation("device_loop")

    /// - Parameters:
    ///   - failures: for each thread the number (from 0) of the run that fails.
    ///   - device: what the device loop does.
    init(
        tracer: EventTracer = .silent, failures: [TraceThread: Int] = [:], closeFails: Bool = false,
        device: @escaping @Sendable (SessionVariables) throws -> Void = { _ in }
    ) {
        variables = SessionVariables(tracer: tracer)
        self.tracer = tracer
        self.failures = failures
        self.closeFails = closeFails
        self.device = device
    }

    func run(_ operations: [SessionOperation], timeoutMilliseconds: Int?) throws -> [SessionValue] {
        let thread = TraceThread.current
        tracer.record(.sessionRun(fetches: operations.map(\.name), timeoutMilliseconds: timeoutMilliseconds))
        let number = runs.withLock { runs in
            defer { runs[thread, default: 0] += 1 }
            return runs[thread, default: 0]
        }
        if failures[thread] == number { throw InjectedFailure() }
        if operations.contains(Self.deviceLoop) { try device(variables) }
        return operations.map { _ in .none }
    }

    func close() throws {
        tracer.record(.sessionClose)
        if closeFails { throw InjectedFailure(message: "injected close failure") }
    }
}
