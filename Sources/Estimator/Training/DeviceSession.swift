import Executor
import Graph

/// The real session: operations act on a program's executor, its queues and the hosts' feeding threads.
///
/// The device loop runs as many steps as the iterations variable says and comes back. An enqueue operation grants its
/// host one more step and returns; the host's own thread fills the queue's slot, so that all hosts work at once and
/// the controller that runs the operations never waits.
///
/// At which step a run ends badly, and why, depends on the job alone: the device comes to a host's fault at the step that it
/// is of (``InfeedQueue``), and before a fault of the device counts, all that came out of the steps before has been added up.
final class DeviceSession: FedSession {
    /// What the device loop is for.
    enum Purpose: Sendable {
        /// Training of these variables: the loss is that of the last step, 1e7 if none ran (rule B8); the global step
        /// goes on.
        case training(VariableTransfer, hostCalls: HostCalls?)
        /// Evaluation: what comes out of the outfeed is added up here, so many rows a step.
        case evaluation(EvaluationTotals, rows: Int, hostCalls: HostCalls?)

        var hostCalls: HostCalls? {
            switch self {
            case .training(_, let calls), .evaluation(_, _, let calls): calls
            }
        }
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
        var closing = Closing.open
        var fault: RunFault?
        var loop = Loop()
        /// Steps of an evaluation that were fetched from the outfeed.
        var fetched = 0
        weak var infeed: FeedController?
    }

    private enum Closing { case open, begun, done }

    /// The loss with which a training loop starts (`_INITIAL_LOSS`).
    static let initialLoss = 1e7

    let variables: SessionVariables
    private let executor: any ProgramExecutor
    private let feeders: [InputFeeder]
    private let purpose: Purpose
    private let remainder: RemainderStep?
    private let wrapsInputIntoWhileLoop: Bool
    private let isOnHost: Bool
    private let coresAlike: Int?
    private let tracer: EventTracer
    private let profiler: ProfileRecorder?
    private let isStopping: @Sendable () -> Bool
    private let firstStep: Int
    private let state = Condition(State())

    /// A session over an executor; the feeders are its hosts' threads, in host order.
    ///
    /// - Parameters:
    ///   - remainder: the step behind the last full batch; nil: there is none.
    ///   - wrapsInputIntoWhileLoop: whether an enqueue operation feeds all steps of the coming loop. Default false.
    ///   - isOnHost: whether a run is a step on the CPU, where no controller fetches what a step hands out, and one that comes
    ///     to no step throws ``OutOfRange``. Default false.
    ///   - coresAlike: cores that get the same input and hand out the same, of which the first one's is taken. Default: what all
    ///     hand out is.
    ///   - profiler: traces steps when it is asked to; nil, the default: never.
    ///   - isStopping: whether the run was asked to stop, by which its ends are told from those for a trace.
    init(
        executor: any ProgramExecutor, feeders: [InputFeeder], purpose: Purpose, remainder: RemainderStep? = nil,
        globalStep: Int, wrapsInputIntoWhileLoop: Bool = false, isOnHost: Bool = false, coresAlike: Int? = nil,
        tracer: EventTracer, profiler: ProfileRecorder? = nil, isStopping: @escaping @Sendable () -> Bool = { false }
    ) {
        self.coresAlike = coresAlike
        self.profiler = profiler
        self.isStopping = isStopping
        self.wrapsInputIntoWhileLoop = wrapsInputIntoWhileLoop
        self.isOnHost = isOnHost
        self.remainder = remainder
        self.executor = executor
        self.feeders = feeders
        self.purpose = purpose
        self.tracer = tracer
        firstStep = if case .training = purpose { globalStep } else { 0 }
        variables = SessionVariables(globalStep: globalStep, tracer: tracer)
    }

    /// The last device loop.
    var lastLoop: Loop { state.withLock { $0.loop } }

    /// What ended the run, of all that went wrong; nil: nothing did.
    var fault: RunFault? { state.withLock { $0.fault } }

    var infeed: FeedController? {
        get { state.withLock { $0.infeed } }
        set { state.update { $0.infeed = newValue } }
    }

    func run(_ operations: [SessionOperation], timeoutMilliseconds: Int?) throws -> [SessionValue] {
        tracer.record(
            .sessionRun(fetches: operations.map(\.name), timeoutMilliseconds: timeoutMilliseconds))
        if state.withLock({ $0.closing != .open }) { throw EstimatorError.sessionClosed }
        guard TraceThread.current == .worker(.outfeed) else { return try values(of: operations) }
        do {
            return try values(of: operations)
        } catch {
            fetchingFailed(error)
            throw error
        }
    }

    private func values(of operations: [SessionOperation]) throws -> [SessionValue] {
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
            if case .evaluation(let totals, _, _) = purpose { return .real(try totals.meanLoss(after: lastLoop.steps)) }
            return .real(lastLoop.loss ?? Self.initialLoss)
        case .globalStep:
            return .integer(try variables.value(of: .globalStep))
        case .placeholderUpdate, .hostCall:
            return .none
        default:
            if case .evaluation(let totals, _, _) = purpose {
                if totals.isUpdate(operation) { return .none }
                if let value = totals.value(of: operation) { return .real(value) }
            }
            if operation.name == SessionOperation.initializeSystemName { return .none }
            if operation.name == SessionOperation.shutdownSystemName { return .none }
            guard let host = operation.enqueuedHost, feeders.indices.contains(host) else {
                throw EstimatorError.operationUnknown(operation.name)
            }
            feeders[host].grant(
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
            if !isOnHost {
                // Steps that won't come are not waited for.
                if result.endedEarly { executor.outfeed?.close() }
                // Before anything that comes behind the loop can fail.
                try settle(at: executor.infeed.released)
            }
            loop.steps = result.stepsRun
            loop.loss = result.lossOfCoreZero
            loop.infeedWait = result.infeedWaitNanoseconds
            loop.endedEarly = result.endedEarly
            if let found = result.notFinite {
                let step = Int(before).adding(saturating: found.step + 1)
                throw ended(
                    by: RunFault(
                        step: step, source: .device,
                        error: TrainingError.notFinite(
                            step: step, variable: try firstVariableNotFinite() ?? found.variable)))
            }
            if isOnHost, result.stepsRun == 0 { throw OutOfRange() }
        }
        loop.nanoseconds = MonotonicClock.nanoseconds() - start
        switch purpose {
        case .training:
            try variables.add(Int64(loop.steps), to: .globalStep)
        case .evaluation:
            try variables.countEvaluationRun()
        }
        let finished = loop
        state.withLock { $0.loop = finished }
    }

    private func execute(_ iterations: Int) throws -> LoopResult {
        let result: LoopResult
        do {
            result = try runSteps(iterations)
        } catch let fault as InfeedFault {
            throw ended(
                by: RunFault(
                    step: firstStep + executor.infeed.released + 1, source: .infeed, host: fault.host,
                    error: fault.cause))
        } catch let error as ExecutorError {
            throw ended(by: deviceFault(error, step: firstStep + executor.infeed.released))
        } catch {
            // The outfeed was closed by its own fault.
            throw fault?.error ?? error
        }
        let step = firstStep + executor.infeed.released
        guard result.notFinite == nil else { return result }
        if isOnHost, result.stepsRun > 0 {
            try takeOnHost(executor.outfeed?.dequeue()?.map { HostTensor($0) }, step: step)
        }
        guard result.endedEarly, result.stepsRun < iterations else { return result }
        let last: (result: LoopResult, outfeed: [HostTensor]?)?
        do {
            last = try remainder?.run()
        } catch {
            throw ended(by: deviceFault(error, step: step + 1))
        }
        guard let last else { return result }
        if last.result.notFinite == nil { try takeOnHost(last.outfeed, step: step + 1) }
        return result.followed(by: last.result, of: iterations)
    }

    /// On the CPU the thread that ran a step takes what it handed out.
    private func takeOnHost(_ outfeed: [HostTensor]?, step: Int) throws {
        guard let outfeed, let hostCalls = purpose.hostCalls else { return }
        do {
            try hostCalls.add(outfeed)
        } catch {
            throw ended(by: RunFault(step: step, source: .outfeed, error: error))
        }
    }

    /// Waits until the outfeed's worker has come so many steps far.
    private func settle(at steps: Int) throws {
        if case .evaluation(let totals, _, _) = purpose {
            // A host call comes first.
            try totals.settle(at: steps)
        } else {
            try purpose.hostCalls?.settle(at: steps)
        }
    }

    /// Runs steps: all at once, but for those that are traced, which the device makes one by one. That changes no number.
    private func runSteps(_ iterations: Int) throws -> LoopResult {
        guard let profiler else { return try executor.run(iterations: iterations) }
        guard case .training = purpose else {
            return try profiler.span(.device, "evaluation, \(iterations) steps") {
                try executor.run(iterations: iterations)
            }
        }
        var result = LoopResult()
        while result.stepsRun < iterations, result.notFinite == nil {
            let step = firstStep + executor.infeed.released
            let isTraced = profiler.traces(after: step)
            let start = profiler.begin()
            let part = try executor.run(iterations: isTraced ? 1 : iterations - result.stepsRun)
            if isTraced, part.stepsRun > 0 {
                profiler.end(.device, "step \(step + 1)", since: start)
                if part.infeedWaitNanoseconds > 0 {
                    profiler.end(
                        .device, "wait for input", since: start, at: start.map { $0 + part.infeedWaitNanoseconds })
                }
                profiler.stepped()
            }
            result.add(part)
            // A request that comes during the last step of a run is that run's, which then ends as it would have.
            if isStopping() {
                result.endedEarly = result.stepsRun < iterations
                return result
            }
            // A run that was ended for a trace goes on.
            if part.endedEarly, !profiler.takeCut() { return result }
        }
        result.endedEarly = false
        return result
    }

    private func deviceFault(_ error: any Error, step: Int) -> RunFault {
        RunFault(
            step: step, source: .device,
            error: (error as? ExecutorError).map { TrainingError.executionFailed(detail: $0.description) } ?? error)
    }

    /// What ends the run now that the device has met a fault: an earlier step's, where what that step handed out is at fault,
    /// and then the infeed's controller is told nothing.
    private func ended(by fault: RunFault) -> any Error {
        if !isOnHost {
            executor.outfeed?.close()
            try? settle(at: fault.step - 1 - firstStep)
        }
        let (earliest, controller) = state.update { state in
            if state.fault.map(fault.precedes) ?? true { state.fault = fault }
            return (state.fault ?? fault, state.infeed)
        }
        if earliest.source == .infeed, let controller {
            controller.fail(earliest.error)
            waitUntilClosed()
        }
        return earliest.error
    }

    /// A run of the session under its hooks threw this: where nothing else did, it was a hook, behind this step.
    func ended(byRun error: any Error, step: Int) {
        let fault = state.update { state in
            let fault = state.fault ?? RunFault(step: step, source: .hook, error: error)
            state.fault = fault
            return fault
        }
        tracer.record(.fault(step: fault.step, source: fault.source, host: fault.host))
    }

    /// The model's first variable that is not finite; executors name what was stored first, a slot perhaps.
    private func firstVariableNotFinite() throws -> String? {
        guard case .training(let transfer, _) = purpose else { return nil }
        return try transfer.firstNotFinite()
    }

    /// Whether a run takes one step off the outfeed: each of the worker's does, as every step's loss comes this way in an
    /// evaluation, and the update of a metric.
    private func isOutfeedsTurn(_ operations: [SessionOperation]) -> Bool {
        if TraceThread.current == .worker(.outfeed) { return true }
        guard case .evaluation(let totals, _, _) = purpose else { return false }
        return operations.contains(where: totals.isUpdate)
    }

    private func dequeue() throws {
        guard var outfeed = try executor.outfeed?.dequeue()?.map({ HostTensor($0) }) else { return }
        let step = state.update { state in
            state.fetched += 1
            return state.fetched
        }
        let start = profiler?.begin()
        if let coresAlike { outfeed = outfeed.map { $0.selecting(rows: 0..<($0.rows / coresAlike)) } }
        try purpose.hostCalls?.add(outfeed)
        guard case .evaluation(let totals, let rows, _) = purpose else {
            profiler?.end(.outfeed, "step \(step)", since: start)
            return
        }
        try totals.add(outfeed, rows: rows)
        profiler?.end(.outfeed, "step \(step) of the evaluation", since: start)
    }

    /// The outfeed's worker has met an error, and fetches no more.
    private func fetchingFailed(_ error: any Error) {
        state.update { state in
            let fault = RunFault(step: firstStep + state.fetched, source: .outfeed, error: error)
            if state.fault.map(fault.precedes) ?? true { state.fault = fault }
        }
        tellOutfeed(error)
        // Otherwise the device would wait for room or input for ever.
        executor.outfeed?.close(error: error)
        executor.requestStop()
    }

    /// Says to whoever waits for the outfeed's worker that no further step will be taken.
    private func tellOutfeed(_ error: any Error) {
        if case .evaluation(let totals, _, _) = purpose { totals.fail(error) }
        purpose.hostCalls?.fail(error)
    }

    /// Closes the session; where another thread does so, waits until it has.
    func close() throws {
        let isFirst = state.update { state in
            defer { if state.closing == .open { state.closing = .begun } }
            return state.closing == .open
        }
        guard isFirst else { return waitUntilClosed() }
        tracer.record(.sessionClose)
        executor.infeed.close()
        executor.outfeed?.close()
        tellOutfeed(EstimatorError.sessionClosed)
        for feeder in feeders { feeder.stop() }
        state.update { $0.closing = .done }
    }

    private func waitUntilClosed() { _ = state.wait { $0.closing == .done ? true : nil } }
}
