import API
import Jobs

/// Follows one job by long polls until its state is final, and goes on when the server is away for a while: jobs outlive
/// a restart of the daemon, so should who waits for them.
struct JobWatch {
    let server: DaemonClient
    let id: JobID
    /// Seconds that the server may be away in a row.
    var patience = 60.0

    /// Calls `show` with every view of the job and returns the final one.
    func run(show: (JobView) -> Void) throws -> Answer<JobView> {
        var version = 0
        var absence = Absence(patience: patience)
        while true {
            do {
                // Short polls while it runs: progress grows without a new version.
                let target = DaemonClient.target("/v1/jobs/\(id)", ["wait": "1s", "since_version": "\(version)"])
                let answer = try server.get(target, JobView.self)
                absence.end()
                version = answer.view.version
                show(answer.view)
                if answer.view.state.isFinal { return answer }
            } catch {
                try absence.wait(for: error)
            }
        }
    }
}
