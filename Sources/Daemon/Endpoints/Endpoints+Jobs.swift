import API
import Formats
import HTTP
import HTTPTypes
import Jobs
import Logging
import Reactor
import Store

extension Endpoints {
    /// `GET /v1/jobs` of what is known; nil where it has to be read.
    func knownList(_ request: Request, _ query: QueryValues) -> Response? {
        guard query.text("page_token") == nil, !query.flag("full"), let filter = Self.filter(query) else { return nil }
        return services.reader.knownAnswer(of: .init(filter, limit: Self.limit(query)))
    }

    /// `GET /v1/jobs`.
    func list(_ request: Request, _ query: QueryValues) async throws -> Response {
        guard let filter = Self.filter(query) else { return .wire(JobPage(jobs: [])) }
        let after = query.text("page_token").flatMap { JobID($0) }
        guard query.flag("full") else {
            let (response, unreadable) = try await services.reader.answer(
                of: .init(filter, limit: Self.limit(query)), after: after)
            tell(unreadable: unreadable)
            return response
        }
        let page = try await services.store.list(filter, limit: Self.limit(query), after: after, withSpec: true)
        tell(unreadable: page.unreadable)
        return try await .wire { [reader = services.reader] in
            JobPage(
                jobs: try page.jobs.map { record in
                    let moment = reader.moment(of: record, page.positions[record.id])
                    var view = JobView(record, pending: moment.pending, running: moment.progress)
                    view.spec = try record.spec.map { try JSON(parsing: $0, limits: .own) }
                    return view
                }, nextPageToken: page.next?.description)
        }
    }

    private static func limit(_ query: QueryValues) -> Int { min(500, query.integer("limit") ?? 50) }

    /// The jobs that a query asks for; nil where it asks for two values of one label at once: no job has that.
    private static func filter(_ query: QueryValues) -> JobFilter? {
        var filter = JobFilter()
        filter.states = query.texts("state").compactMap(JobState.init)
        for (name, value) in query.labels("label") {
            if let other = filter.labels[name], other != value { return nil }
            filter.labels[name] = value
        }
        filter.owner = query.text("owner")
        filter.name = query.text("name")
        return filter
    }

    /// `GET /v1/jobs/{id}` of what is known; nil where it has to be read, or may have to wait.
    func knownJob(_ request: Request, _ query: QueryValues) throws -> Response? {
        guard query.text("until") == nil, query.text("wait") == nil else { return nil }
        return services.reader.knownAnswer(of: try Self.id(request)).map { Self.conditional($0, request) }
    }

    /// `GET /v1/jobs/{id}`, at once or by long-poll.
    func get(_ request: Request, _ query: QueryValues) async throws -> HandlerResult {
        let untilFinal = query.text("until") != nil
        let wait = min(300, query.seconds("wait") ?? (untilFinal ? 300 : 0))
        let answer = try await services.reader.answer(of: try Self.id(request))
        let record = answer.record
        if wait > 0, services.phase.phase != .draining {
            // Without a version a change from now on is meant.
            let known = query.integer("since_version") ?? record.version
            let poll = LongPoll(
                job: record.id, goal: untilFinal ? .final : .version(above: known),
                ifNoneMatch: request.field(.ifNoneMatch), deadline: services.reactor.clock.now() + .seconds(wait),
                isPretty: query.isPretty, among: here.changes)
            if !poll.isAnswered(by: record) { return .later(poll) }
        }
        return .now(Self.conditional(answer, request))
    }

    /// `GET /v1/jobs/{id}/spec`.
    func specification(_ request: Request, _ query: QueryValues) async throws -> Response {
        let record = try await job(request)
        if let field = request.field(.ifNoneMatch), EntityTag.ifNoneMatch(field, names: record.version) {
            return .notModified(version: record.version)
        }
        guard let text = try await services.store.specification(of: record.id) else {
            throw Problem.noSuchJob(record.id.description)
        }
        var response = Response.json(Array(text.utf8) + [10])
        response.fields[.eTag] = EntityTag.of(version: record.version)
        return response
    }

    /// Rows that a list had to leave out are the operator's concern.
    func tell(unreadable: [String]) {
        guard !unreadable.isEmpty else { return }
        services.counters.add("tpud_unreadable_rows_total")
        services.log.error("a list left out jobs whose rows can't be read: \(unreadable.joined(separator: ", "))")
    }

    private static func conditional(_ answer: JobAnswer, _ request: Request) -> Response {
        if let field = request.field(.ifNoneMatch), EntityTag.ifNoneMatch(field, names: answer.record.version) {
            return .notModified(version: answer.record.version)
        }
        return answer.response
    }
}
