import Jobs
import Testing

@Suite struct JobModeTests {
    /// Who trains writes checkpoints: the others can't be asked for one.
    @Test func twoModesTrain() {
        #expect(JobMode.allCases.filter(\.trains) == [.train, .trainAndEvaluate])
        for mode in JobMode.allCases {
            let action = JobMachine(state: .running, writesCheckpoints: mode.trains).ask(.checkpoint)
            let refused = JobMachine.Action.illegal(allowed: [.cancel, .kill, .pause, .resume])
            #expect(action == (mode.trains ? .askForCheckpoint : refused), "\(mode)")
        }
    }
}
