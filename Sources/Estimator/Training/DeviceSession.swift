import Executor
import Graph
import Synchronization

/// The real session: operations act on a program's executor, its queues and the hosts' feeding threads.
///
/// The device loop runs as many steps as the iterations variable says and comes back. An enqueue operation grants its
/// host one more step and returns; the host's own thread fills the queue's slot, so that all hosts work at once and
/// the controller that runs the operations never waits.
final class DeviceSession: Session {
    /// What the device loop is for.
    enum Purpose: Sendable {
        /// Training of these variables: the loss is that of the last step, 1e7 if none ran (rule B8); the global step
        /// goes on.
        case training(VariableTransfer)
        /// Evaluation: what comes out of the outfeed is added up here, so many rows a step.
        case evaluation(EvaluationTotals, rows: Int)
    }

    /// The last device loop, measured.
    struct Loop: Sendable {
        var steps = 0
        var loss: Double?
        var nanoseconds: UInt64 = 0
        var infeedWait: UInt64 = 0
        var endedEarly = false
    }

    private struct State {
        var isClosed = false
        var failure: (any Error)?
        var loop = Loop()
    }

    /// The loss with which a training loop starts (`_INITIAL_LOSS`).
    static let initialLoss = 1e7

    let variables: SessionVariables
    private let executor: any ProgramExecutor
    private let feeders: [InputFeeder]
    private let purpose: Purpose
    private let remainder: RemainderStep?
    private let wrapsInputIntoWhileLoop: Bool
    private let tracer: EventTracer
    private let state = Mutex(State())

    /// A session over an executor; the feeders are its hosts' threads, in host order.
    ///
    /// - Parameters:
    ///   - remainder: the step behind the last full batch; nil: there is none.
    ///   - wrapsInputIntoWhileLoop: whether an enqueue operation feeds all steps of the coming loop. Default false.
    init(
        executor: any ProgramExecutor, feeders: [InputFeeder], purpose: Purpose, remainder: RemainderStep? = nil,
        globalStep: Int, wrapsInputIntoWhileLoop: Bool = false, tracer: EventTracer
    ) {
        self.wrapsInputIntoWhileLoop = wrapsInputIntoWhileLoop
        self.remainder = remainder
        self.executor = executor
        self.feeders = feeders
        self.purpose = purpose
        self.tracer = tracer
        variables = SessionVariables(globalStep: globalStep, tracer: tracer)
    }

    /// The last device loop.
    var lastLoop: Loop { state.withLock { $0.loop } }

    /// Why feeding or fetching failed, if it did: the cause of the error that the device loop then has.
    var failure: (any Error)? { state.withLock { $0.failure } ?? feeders.lazy.compactMap(\.failure).first }

    func run(_ operations: [SessionOperation], timeoutMilliseconds: Int?) throws -> [SessionValue] {
        tracer.record(
            .sessionRun(fetches: operations.map(\.name), timeoutMilliseconds: timeoutMilliseconds))
        if state.withLock({ $0.isClosed }) { throw EstimatorError.sessionClosed }
        // The values that are fetched beside the device loop are those after it.
        if operations.contains(.deviceLoop) { try runDeviceLoop() }
        if isOutfeedsTurn(operations) { try dequeue() }
        var values: [SessionValue] = []
        values.reserveCapacity(operations.count)
        for operation in operations { values.append(try value(of: operation)) }
        return values
    }

    private func value(of operation: SessionOperation) throws -> SessionValue {
        switch operation {
        case .deviceLoop:
            return .real(lastLoop.loss ?? Self.initialLoss)
        case .loss:
            if case .evaluation(let totals, _) = purpose { return .real(try totals.meanLoss(after: lastLoop.steps)) }
            return .real(lastLoop.loss ?? Self.initialLoss)
        case .globalStep:
            return .integer(try variables.value(of: .globalStep))
        case .placeholderUpdate:
            return .none
        default:
            if case .evaluation(let totals, _) = purpose {
                if totals.isUpdate(operation) { return .none }
                if let value = totals.value(of: operation) { return .real(value) }
            }
            if operation.name == SessionOperation.initializeSystemName { return .none }
            if operation.name == SessionOperation.shutdownSystemName { return .none }
            guard let host = operation.enqueuedHost, feeders.indices.contains(host) else {
                throw EstimatorError.operationUnknown(operation.name)
            }
            try feeders[host].grant(
                wrapsInputIntoWhileLoop ? max(0, Int(try variables.value(of: .iterationsPerLoop))) : 1)
            return .none
        }
    }

    private func runDeviceLoop() throws {
        let iterations = Int(try variables.value(of: .iterationsPerLoop))
        let start = MonotonicClock.nanoseconds()
        var loop = Loop()
        if iterations > 0 {
            let before = try variables.value(of: .globalStep)
            let result = try execute(iterations)
            loop.steps = result.stepsRun
            loop.loss = result.lossOfCoreZero
            loop.infeedWait = result.infeedWaitNanoseconds
            loop.endedEarly = result.endedEarly
            if let found = result.notFinite {
                throw TrainingError.notFinite(
                    step: Int(before).adding(saturating: found.step + 1),
                    variable: try firstVariableNotFinite() ?? found.variable)
            }
        }
        loop.nanoseconds = MonotonicClock.nanoseconds() - start
        switch purpose {
        case .training:
            try variables.add(Int64(loop.steps), to: .globalStep)
        case .evaluation:
            try variables.countEvaluationRun()
            // Steps that won't come are not waited for.
            if loop.endedEarly { executor.outfeed?.close() }
        }
        let finished = loop
        state.withLock { $0.loop = finished }
    }

    private func execute(_ iterations: Int) throws -> LoopResult {
        do {
            let result = try executor.run(iterations: iterations)
            guard result.endedEarly, result.stepsRun < iterations, result.notFinite == nil,
                let last = try remainder?.run()
            else { return result }
            return result.followed(by: last, of: iterations)
        } catch let error as ExecutorError {
            throw TrainingError.executionFailed(detail: error.description)
        }
    }

    /// The model's first variable that is not finite; executors name what was stored first, a slot perhaps.
    private func firstVariableNotFinite() throws -> String? {
        guard case .training(let transfer) = purpose else { return nil }
        return try transfer.firstNotFinite()
    }

    /// Whether a run takes one step off the outfeed: the first update of a metric drives it for all of them. A worker that has
    /// no metric to update takes it all the same, as every step's loss comes this way.
    private func isOutfeedsTurn(_ operations: [SessionOperation]) -> Bool {
        guard case .evaluation(let totals, _) = purpose else { return false }
        return operations.contains(where: totals.isUpdate)
            || (operations.isEmpty && TraceThread.current == .worker(.outfeed))
    }

    private func dequeue() throws {
        guard case .evaluation(let totals, let rows) = purpose else { return }
        do {
            guard let tensors = try executor.outfeed?.dequeue() else { return }
            try totals.add(tensors.map { HostTensor($0) }, rows: rows)
        } catch {
            // Otherwise the device would wait for room for ever.
            state.withLock { $0.failure = $0.failure ?? error }
            totals.fail(error)
            executor.outfeed?.close(error: error)
            throw error
        }
    }

    func close() throws {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        tracer.record(.sessionClose)
        if let failure = feeders.lazy.compactMap(\.failure).first {
            executor.infeed.close(error: failure)
        } else {
            executor.infeed.close()
        }
        executor.outfeed?.close()
        for feeder in feeders { feeder.stop() }
    }
}

extension LoopResult {
    /// This run and one step behind it, of so many that were asked for.
    fileprivate func followed(by last: LoopResult, of iterations: Int) -> LoopResult {
        var joined = last
        joined.stepsRun += stepsRun
        joined.notFinite?.step += stepsRun
        joined.infeedWaitNanoseconds = infeedWaitNanoseconds
        joined.endedEarly = joined.stepsRun < iterations
        return joined
    }
}

extension SessionOperation {
    /// The whole device loop.
    static let deviceLoop = SessionOperation("device_loop")
    /// What a metric's operations have in place of its update: the outfeed's worker runs the real ones (TensorFlow:
    /// `dummy_update_op`).
    package static let placeholderUpdate = SessionOperation("no_op")

    private static let enqueuePrefix = "input_pipeline_task"

    /// Grants a host one more step of input.
    static func enqueue(host: Int) -> SessionOperation { SessionOperation("\(enqueuePrefix)\(host)") }

    /// The host of an enqueue operation.
    var enqueuedHost: Int? {
        guard name.hasPrefix(Self.enqueuePrefix) else { return nil }
        return Int(name.dropFirst(Self.enqueuePrefix.count))
    }
}
