import API
import ArgumentParser
import Formats
import Jobs

/// A job as a user names it: by its id, by the beginning of its id, or by its name.
struct JobReference: ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        text = argument
    }

    /// The one job that it means.
    /// - Throws: ``NotFound`` when it means none or several.
    func id(on server: DaemonClient) throws -> JobID {
        if let id = JobID(text.lowercased()) { return id }
        let named = try jobs(server, name: text, limit: 3) { _ in true }
        if !named.isEmpty { return try only(named, "are called") }
        let start = text.lowercased()
        guard start.utf8.allSatisfy({ Self.digits.contains($0) }) else { throw missing }
        let found = try jobs(server, name: nil, limit: 3) { $0.id.description.hasPrefix(start) }
        guard !found.isEmpty else { throw missing }
        return try only(found, "have ids that begin with")
    }

    /// The job that it means and its specification, with every default filled in.
    ///
    /// - Throws: ``NotFound`` when it means none or several.
    func specification(on server: DaemonClient) throws -> (id: JobID, spec: JSON) {
        let id = try id(on: server)
        return (id, try server.get("/v1/jobs/\(id)", JobView.self).view.spec ?? .null)
    }

    /// Of Crockford's base 32, which ids are written in.
    private static let digits = Set("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    private var missing: NotFound {
        NotFound(message: "no job has the id or the name \"\(text)\", or an id that begins with it")
    }

    private func only(_ jobs: [JobView], _ are: String) throws -> JobID {
        guard jobs.count > 1 else { return jobs[0].id }
        let some = jobs.map(\.id.description).joined(separator: ", ")
        throw NotFound(message: "several jobs \(are) \"\(text)\", the newest of them \(some): give more of the id")
    }

    /// The newest jobs that match, at most so many.
    private func jobs(
        _ server: DaemonClient, name: String?, limit: Int, where matches: (JobView) -> Bool
    ) throws -> [JobView] {
        var found: [JobView] = []
        var page: String?
        repeat {
            let target = DaemonClient.target("/v1/jobs", ["limit": "500", "name": name, "page_token": page])
            let answer = try server.get(target, JobPage.self).view
            found += answer.jobs.filter(matches)
            page = answer.nextPageToken
        } while page != nil && found.count < limit
        return Array(found.prefix(limit))
    }
}

/// The job that a command is about.
struct JobArgument: ParsableArguments {
    @Argument(help: "The job: its id, the beginning of its id, or its name.")
    var job: JobReference

    /// The path of the job's resource, or of something under it.
    func path(on server: DaemonClient, _ rest: String = "") throws -> String {
        "/v1/jobs/\(try job.id(on: server))\(rest)"
    }

    /// Asks the job for something and shows what it is then.
    func ask(_ verb: Verb, _ options: ServerOptions) throws {
        let server = try options.server()
        let answer = try server.post(path(on: server, "/\(verb.rawValue)"), JobView.self)
        options.show(answer) { "\($0.id) \($0.state.rawValue)" }
    }
}
