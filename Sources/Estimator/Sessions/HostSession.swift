import Synchronization

/// The session of an evaluation on the CPU: each run takes one batch, and its hooks see every batch (TensorFlow: the base
/// estimator's evaluation).
// @unchecked: the run over the input is used by the thread that runs the device loop alone; all else is behind locks.
final class HostSession: Session, @unchecked Sendable {
    let variables: SessionVariables
    private let batches: HostRun
    private let totals: EvaluationTotals
    private let hostCalls: HostCalls?
    private let tracer: EventTracer
    private let isClosed = Mutex(false)

    /// A session over the batches of an input; what they give is added up in the totals.
    init(
        _ batches: HostRun, totals: EvaluationTotals, hostCalls: HostCalls? = nil, globalStep: Int, tracer: EventTracer
    ) {
        self.hostCalls = hostCalls
        self.batches = batches
        self.totals = totals
        self.tracer = tracer
        variables = SessionVariables(globalStep: globalStep, tracer: tracer)
    }

    func run(_ operations: [SessionOperation], timeoutMilliseconds: Int?) throws -> [SessionValue] {
        tracer.record(.sessionRun(fetches: operations.map(\.name), timeoutMilliseconds: timeoutMilliseconds))
        if isClosed.withLock({ $0 }) { throw EstimatorError.sessionClosed }
        if operations.contains(.deviceLoop), let (tensors, rows) = try batches.run() {
            try hostCalls?.add(tensors)
            try totals.add(tensors, rows: rows)
            try variables.add(1, to: .evalStep)
        }
        return try operations.map { operation in
            if operation == .globalStep { return .integer(try variables.value(of: .globalStep)) }
            if operation == .deviceLoop || operation == .loss { return .real(totals.meanLoss) }
            if let value = totals.value(of: operation) { return .real(value) }
            guard totals.isUpdate(operation) else { throw EstimatorError.operationUnknown(operation.name) }
            return .none
        }
    }

    func close() throws {
        let isFirst = isClosed.withLock { closed in
            defer { closed = true }
            return !closed
        }
        if isFirst { tracer.record(.sessionClose) }
    }
}
