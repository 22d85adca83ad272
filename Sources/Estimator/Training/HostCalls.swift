import Executor

/// The host calls of a run: takes what each step sent, and calls the function with that of every so many steps (TensorFlow: the
/// outfeed's side of `_OutfeedHostCall`).
final class HostCalls: Sendable {
    private struct State {
        var steps = 0
        var failure: (any Error)?
    }

    private let call: BuiltHostCall
    private let everySteps: Int
    /// Steps of the job before the run's first one.
    private let stepsBefore: Int
    private let globalStep: @Sendable (_ step: Int) -> Int
    private let state = Condition(State())

    /// The calls of a run.
    ///
    /// - Parameters:
    ///   - everySteps: a call in the job's first step and in each so many behind it. Default 1.
    ///   - stepsBefore: the job's steps before the run's first one, so that a run that goes on calls in the steps in which one that
    ///     was never cut does. Default 0.
    ///   - globalStep: the global step behind a step of the run, counted from 1.
    init(
        _ call: BuiltHostCall, everySteps: Int = 1, stepsBefore: Int = 0,
        globalStep: @escaping @Sendable (_ step: Int) -> Int
    ) {
        self.call = call
        self.everySteps = max(1, everySteps)
        self.stepsBefore = stepsBefore
        self.globalStep = globalStep
    }

    /// Takes what the next step sent, without the rows that only fill up its batch.
    ///
    /// - Throws: ``TrainingError/hostCallFailed(detail:)`` with what the function threw.
    func add(_ outfeed: [HostTensor]) throws {
        let step = state.withLock(\.steps) + 1
        if (stepsBefore + step - 1).isMultiple(of: everySteps) { try call(outfeed, step) }
        state.update { $0.steps = step }
    }

    private func call(_ outfeed: [HostTensor], _ step: Int) throws {
        let rows = CountedRows(outfeed)
        var byName: [String: HostTensor] = [:]
        for tensor in outfeed { byName[tensor.name] = rows.of(tensor) }
        let tensors: MetricTensors<HostTensor> =
            switch call.tensors {
            case .positional(let names): .positional(names.compactMap { byName[$0] })
            case .named(let names): .named(names.compactMapValues { byName[$0] })
            }
        do {
            try call.function(HostArguments(globalStep: globalStep(step), try call.function.bind(tensors)))
        } catch {
            throw TrainingError.hostCallFailed(detail: "\(error)")
        }
    }

    /// Waits until so many steps have been taken.
    ///
    /// - Throws: what ``fail(_:)`` was told.
    func settle(at steps: Int) throws {
        _ = try state.wait { state in
            if let failure = state.failure { throw failure }
            return state.steps >= steps ? true : nil
        }
    }

    /// Says that no further step will be taken; the first error counts.
    func fail(_ error: any Error) { state.update { $0.failure = $0.failure ?? error } }
}
