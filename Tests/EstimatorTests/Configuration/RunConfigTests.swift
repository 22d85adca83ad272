import Estimator
import Testing

@Suite struct RunConfigTests {
    @Test func twoIntervals() {
        let both = RunConfig(saveCheckpointsSteps: 5, saveCheckpointsSeconds: 5)
        #expect(throws: EstimatorError.twoCheckpointIntervals) { try both.validate() }
        // Which values they have plays no part.
        let negative = RunConfig(saveCheckpointsSteps: -5, saveCheckpointsSeconds: 0)
        #expect(throws: EstimatorError.twoCheckpointIntervals) { try negative.validate() }
    }

    @Test(arguments: [-1, Int.min]) func negativeNumbers(value: Int) {
        let configs: [(String, RunConfig)] = [
            ("save_checkpoints_steps", RunConfig(saveCheckpointsSteps: value)),
            ("save_checkpoints_secs", RunConfig(saveCheckpointsSeconds: value)),
            ("keep_checkpoint_max", RunConfig(keepCheckpointMax: value)),
            ("save_summary_steps", RunConfig(master: "", saveSummarySteps: value)),
        ]
        for (name, config) in configs {
            #expect(throws: EstimatorError.negative(name: name, value: value)) { try config.validate() }
        }
    }

    @Test(arguments: [0, -1]) func intervalOfTheLog(seconds: Int) {
        #expect(throws: EstimatorError.notPositive(name: "log_every_n_secs", value: seconds)) {
            try RunConfig(logEverySeconds: seconds).validate()
        }
    }

    @Test func whatIsAllowed() {
        let configs = [
            RunConfig(), RunConfig(saveCheckpointsSteps: 0), RunConfig(saveCheckpointsSteps: .max),
            RunConfig(saveCheckpointsSeconds: .max), RunConfig(keepCheckpointMax: 0), RunConfig(logEverySeconds: 1),
        ]
        for config in configs { #expect(throws: Never.self) { try config.validate() } }
    }

    @Test func masterOfAMode() {
        let both = RunConfig(master: "a", evaluationMaster: "b")
        #expect(ModeKeys.allCases.map(both.master(for:)) == ModeKeys.allCases.map { $0 == .evaluate ? "b" : "a" })
        #expect(RunConfig(master: "a").master(for: .evaluate) == "a")
    }

    /// A user's configuration is the source's with a local master.
    @Test func defaults() {
        #expect(RunConfig() == RunConfig(master: ""))
        let config = RunConfig()
        #expect(config.keepCheckpointMax == 5 && config.logEverySeconds == 30 && config.randomSeed == 0)
        #expect(config.modelDirectory == nil && config.saveCheckpointsSteps == nil)
        #expect(CheckpointSchedule.Interval(RunConfig(saveCheckpointsSeconds: .max)) != .never)
    }
}
