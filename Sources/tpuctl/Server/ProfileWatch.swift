import API
import Jobs

/// The profiles of a job, and the wait for one that its worker was asked for.
struct ProfileWatch {
    let server: DaemonClient
    let id: JobID
    /// Seconds that the server may be away in a row.
    var patience = 60.0

    /// The profile of this number.
    ///
    /// - Throws: ``NotFound``.
    func profile(_ number: Int) throws -> ProfileView {
        let all = try all()
        if let profile = all.first(where: { $0.profile == number }) { return profile }
        let numbers = all.map { "\($0.profile)" }.joined(separator: ", ")
        throw NotFound(
            message: "job \(id) has no profile \(number); "
                + (numbers.isEmpty ? "tpuctl profile \(id) traces its next steps" : "it has \(numbers)"))
    }

    /// Has the job's worker trace its next steps, and waits for the trace.
    ///
    /// - Parameter steps: How many; nil: as many as the server takes.
    /// - Throws: ``NotFound`` when the attempt ended without it.
    func trace(steps: Int?) throws -> ProfileView {
        let last = try all().first?.profile ?? 0
        let asked = try server.postOnce(
            DaemonClient.target("/v1/jobs/\(id)/profile", ["steps": steps.map(String.init)]), JobView.self
        ).view
        var job = asked
        var absence = Absence(patience: patience)
        while true {
            do {
                // Looked at before the profiles are: what an attempt has traced is there before its end is.
                let isOver = job.attempt != asked.attempt || ![.running, .stopping].contains(job.state)
                if let profile = try all().last(where: { $0.profile > last }) { return profile }
                if isOver {
                    throw NotFound(
                        message: "attempt \(asked.attempt) of job \(id) ended before a step was traced; "
                            + "the job is \(job.state.rawValue)")
                }
                let target = DaemonClient.target(
                    "/v1/jobs/\(id)", ["wait": "500ms", "since_version": "\(job.version)"])
                job = try server.get(target, JobView.self).view
                absence.end()
            } catch {
                try absence.wait(for: error)
            }
        }
    }

    /// Newest first.
    private func all() throws -> [ProfileView] {
        try server.get("/v1/jobs/\(id)/profiles", ProfileList.self).view.elements
    }
}
