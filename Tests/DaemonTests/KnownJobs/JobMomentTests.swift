import Daemon
import Jobs
import Testing

@Suite struct JobMomentTests {
    /// A report stays for a moment longer than its job runs, and has a speed that what has ended has not.
    @Test(arguments: JobState.allCases) func aReportCountsWhileThereIsAWorker(state: JobState) {
        let report = JobProgress(globalStep: 7, loss: 0.5)
        let moment = JobMoment(of: KnownJobSamples.record(1, state), pending: nil, report: report)
        let runs = [JobState.starting, .running, .stopping].contains(state)
        #expect(moment == JobMoment(progress: runs ? report : nil))
    }
}
