import Formats
import Glibc
import Transfer

/// Follows one job by long polls until its state is final, and goes on when the server is away for a while: jobs outlive
/// a restart of the daemon, so should who waits for them.
struct JobWatch {
    let server: Server
    let id: String
    /// Seconds that the server may be away in a row.
    var patience = 60.0

    /// Calls `show` with every view of the job and returns the final one.
    func run(show: (JSON) -> Void) throws -> JSON {
        var version = 0
        var away = 0.0
        while true {
            do {
                // Short polls while it runs: progress grows without a new version.
                let job = try server.get(Server.job(id, "?wait=1s&since_version=\(version)"))
                away = 0
                version = job["version"]?.int ?? version
                show(job)
                if job["finished_at"]?.string != nil { return job }
            } catch let error as TransferError where error.code == .unreachable || error.code == .timedOut {
                try wait(&away, orThrow: error)
            } catch let refusal as Refusal where refusal.status == 503 {
                try wait(&away, orThrow: refusal)
            }
        }
    }

    private func wait(_ away: inout Double, orThrow error: any Error) throws {
        guard away < patience else { throw error }
        usleep(500_000)
        away += 0.5
    }
}

extension ProgressBar {
    /// The bar of a job's view.
    init(job: JSON) {
        let progress = job["progress"]
        self.init(
            state: job["state"]?.string ?? "?", step: progress?["global_step"]?.int ?? 0,
            target: progress?["target_step"]?.int, loss: progress?["loss"]?.double,
            examplesPerSecond: progress?["examples_per_second"]?.double, secondsLeft: progress?["eta_seconds"]?.double)
        if let pending = job["pending"], let reason = pending["reason"]?.string {
            waiting = reason + (pending["position"]?.int.map { ", place \($0)" } ?? "")
        }
    }
}
