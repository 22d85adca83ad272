import Estimator
import Testing

/// How fast a training goes, in its log.
@Suite struct StepCounterHookTests {
    /// A session whose global step is set by a test.
    private final class Steps: Session {
        let variables = SessionVariables(globalStep: 0, tracer: .silent)
        func run(_ operations: [SessionOperation], timeoutMilliseconds: Int?) -> [SessionValue] { [] }
        func close() {}
    }

    /// The lines after runs that end at these steps, so many seconds after each other.
    private func lines(_ runs: [(step: Int64, seconds: Double)], batchSize: Int? = 16) throws -> [String] {
        let (session, log) = (Steps(), TraceLog())
        var time = Duration.seconds(5)
        let hook = StepCounterHook(batchSize: batchSize, tracer: log.tracer, now: { time })
        for run in runs {
            time += .seconds(run.seconds)
            session.variables.assign(run.step, to: .globalStep)
            try hook.afterRun(SessionRunContext(session: session), values: [])
        }
        return log.records.compactMap { record in
            if case .log(.info, let text) = record.event { text } else { nil }
        }
    }

    @Test func everyHundredSteps() throws {
        #expect(
            try lines([(1, 9), (60, 1), (100, 1), (101, 2), (180, 1), (250, 1)]) == [
                "global_step/sec: 25", "examples/sec: 400", "global_step/sec: 74.5", "examples/sec: 1192",
            ])
    }

    /// A loop may make more; a run that makes none tells nothing.
    @Test func longLoops() throws {
        #expect(
            try lines([(1000, 1), (4000, 9), (4000, 1), (7000, 0.007)], batchSize: nil) == [
                "global_step/sec: 333.333", "global_step/sec: 2979.15",
            ])
        #expect(try lines([(5, 1)]).isEmpty && lines([]).isEmpty)
    }

    /// On the TPU with the rows of a step; on the CPU the base estimator tells of steps alone.
    @Test func ofATraining() throws {
        func count(_ start: String, useTPU: Bool) throws -> Int {
            let record = Record()
            let model = SmallModel(isSharded: useTPU, evalBatchSize: nil, useTPU: useTPU, iterations: 50, saveSteps: 0)
            try model.estimator(TemporaryFolder(), record).train(input: SmallModel.array(), steps: 300)
            return record.seen.log.count { $0.text.hasPrefix(start) }
        }
        // Of runs that end at 50, 150 and 250; at 1, 101 and 201.
        #expect(try count("global_step/sec: ", useTPU: true) == 2)
        #expect(try count("examples/sec: ", useTPU: true) == 2)
        #expect(try count("global_step/sec: ", useTPU: false) == 2)
        #expect(try count("examples/sec: ", useTPU: false) == 0)
    }
}
