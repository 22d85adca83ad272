import Estimator
import Jobs
import Testing
import Worker
import WorkerProtocol

/// Which outcome each error of a run becomes.
@Suite struct OutcomeReportErrorTests {
    @Test(arguments: [(28, "DISK_FULL"), (5, "IO_ERROR"), (24, "RESOURCES")] as [(Int32, String)])
    func theMachineIsNotTheJob(code: Int32, word: String) throws {
        let fault = try #require(MachineError(code, while: "writing a checkpoint"))
        let report = OutcomeReport(of: TrainingError.machineFailed(fault), nil)
        #expect(report.outcome == .interrupted && report.failure?.code == word)
        #expect(report.failure?.message.contains("writing a checkpoint failed (") == true)
    }

    @Test func othersKeepTheirs() {
        let cases: [(any Error, AttemptOutcome)] = [
            (TrainingError.inputFailed(detail: "x"), .userError),
            (TrainingError.checkpointFailed(detail: "x"), .crashed),
            (TrainingError.executionFailed(detail: "x"), .crashed), (EstimatorError.trainStepsMissing, .userError),
            (CancellationError(), .crashed),
        ]
        for (error, outcome) in cases {
            let report = OutcomeReport(of: error, nil)
            #expect(report.outcome == outcome && report.failure?.code == outcome.rawValue)
        }
        let nan = OutcomeReport(of: TrainingError.notFinite(step: 7, variable: "dense/kernel"), nil)
        #expect(nan.outcome == .nanLoss && nan.endStep == 7 && nan.failure?.variable == "dense/kernel")
        #expect(OutcomeReport(of: TrainingError.stopped, .pause).outcome == .paused)
        #expect(OutcomeReport(of: TrainingError.stopped, nil).outcome == .preempted)
        let threads = OutcomeReport(of: EstimatorError.threadNotStarted(code: 11), nil)
        #expect(threads.outcome == .interrupted && threads.failure?.code == "RESOURCES")
    }
}
