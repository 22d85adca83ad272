import Estimator
import TestSupport
import Testing

@Suite struct StopAtStepHookTests {
    private struct Run {
        let hook: StopAtStepHook
        let session = ScriptedSession()

        init(_ hook: StopAtStepHook, from step: Int) throws {
            self.hook = hook
            let scope = VariableScope()
            try scope.createGlobalStep()
            try hook.begin(scope)
            session.variables.assign(Int64(step), to: .globalStep)
            try hook.sessionCreated(session)
        }

        /// The loops that a device makes which always does what it is told.
        func loops(atMost limit: Int = 1000) throws -> [Int] {
            var loops: [Int] = []
            while loops.count < limit {
                let iterations = try session.variables.value(of: .iterationsPerLoop)
                let context = SessionRunContext(session: session)
                #expect(try hook.beforeRun(context) == [])
                try session.variables.add(iterations, to: .globalStep)
                loops.append(Int(iterations))
                try hook.afterRun(context, values: [])
                if context.stopRequested { break }
            }
            return loops
        }
    }

    @Test(arguments: [
        (10, 30, 0, [10, 10, 10]), (10, 25, 0, [10, 10, 5]), (10, 3, 7, [3]), (1, 3, 5, [1, 1, 1]),
    ])
    func numberOfSteps(iterations: Int, steps: Int, from: Int, loops: [Int]) throws {
        let run = try Run(StopAtStepHook(iterationsPerLoop: iterations, numSteps: steps), from: from)
        #expect(run.hook.lastStep == from + steps)
        #expect(try run.loops() == loops)
    }

    @Test func lastStep() throws {
        let run = try Run(StopAtStepHook(iterationsPerLoop: 10, lastStep: 25), from: 4)
        #expect(try run.loops() == [10, 10, 1])
        // At or past the last step, what is left is loaded as it is.
        let past = try Run(StopAtStepHook(iterationsPerLoop: 10, lastStep: 25), from: 28)
        #expect(try past.session.variables.value(of: .iterationsPerLoop) == -3)
    }

    /// However often a job is started anew in the middle of a loop, its loops end where an undisturbed job's end.
    @Test func loopsKeepToTheGrid() throws {
        let seed: UInt64 = 23
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let (origin, iterations) = (random.below(50), random.below(20) + 1)
            let last = origin + random.below(300) + 1
            let start = origin + random.below(last - origin)
            let hook = try StopAtStepHook(iterationsPerLoop: iterations, lastStep: last)
            hook.grid = LoopGrid(origin: origin, iterations: iterations)
            let loops = try Run(hook, from: start).loops()
            var step = start
            for loop in loops {
                #expect((1...iterations).contains(loop), "seed \(seed)")
                step += loop
                #expect(step == last || (step - origin) % iterations == 0, "seed \(seed): \(start) \(loops)")
            }
            #expect(step == last, "seed \(seed): \(start) \(loops)")
        }
    }

    /// Loops of a time grow to it, and end where something is due.
    @Test func loopsOfATime() throws {
        let hook = try StopAtStepHook(iterationsPerLoop: .max, lastStep: 100)
        hook.grid = LoopGrid(origin: 0, intervals: [40])
        hook.pace = LoopPace(seconds: 1)
        let run = try Run(hook, from: 0)
        // Twenty steps a second.
        hook.now = { (try? run.session.variables.value(of: .globalStep)).map { UInt64($0) * 50_000_000 } ?? 0 }
        #expect(try run.loops() == [1, 8, 20, 11, 20, 20, 20])
    }

    @Test func farAwayLastStepDoesNotOverflow() throws {
        let run = try Run(StopAtStepHook(iterationsPerLoop: 10, numSteps: .max), from: 5)
        #expect(run.hook.lastStep == .max)
        #expect(try run.session.variables.value(of: .iterationsPerLoop) == 10)
    }

    /// A session that is created anew does not move the last step.
    @Test func theLastStepIsFixedOnce() throws {
        let run = try Run(StopAtStepHook(iterationsPerLoop: 10, numSteps: 20), from: 0)
        run.session.variables.assign(15, to: .globalStep)
        try run.hook.sessionCreated(run.session)
        #expect(run.hook.lastStep == 20)
        #expect(try run.session.variables.value(of: .iterationsPerLoop) == 5)
    }

    @Test func refusals() throws {
        #expect(throws: EstimatorError.noStepLimit) { try StopAtStepHook(iterationsPerLoop: 1) }
        #expect(throws: EstimatorError.twoStepLimits) {
            try StopAtStepHook(iterationsPerLoop: 1, numSteps: 1, lastStep: 1)
        }
        let hook = try StopAtStepHook(iterationsPerLoop: 1, numSteps: 1)
        #expect(throws: EstimatorError.globalStepMissing) { try hook.begin(VariableScope()) }
        #expect(throws: EstimatorError.globalStepMissing) { try hook.sessionCreated(ScriptedSession()) }
    }
}
