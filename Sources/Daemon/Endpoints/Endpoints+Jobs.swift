import API
import Formats
import HTTP
import HTTPTypes
import Jobs
import Logging
import Reactor
import Store

extension Endpoints {
    /// `GET /v1/jobs`.
    func list(_ request: Request, _ query: QueryValues) async throws -> Response {
        var filter = JobFilter()
        filter.states = query.texts("state").compactMap(JobState.init)
        for (name, value) in query.labels("label") {
            // Two values of one label at once: no job has that.
            if let other = filter.labels[name], other != value { return .wire(JobPage(jobs: [])) }
            filter.labels[name] = value
        }
        filter.owner = query.text("owner")
        filter.name = query.text("name")
        let page = try await services.store.list(
            filter, limit: min(500, query.integer("limit") ?? 50),
            after: query.text("page_token").flatMap { JobID($0) }, withSpec: query.flag("full"))
        tell(unreadable: page.unreadable)
        let pending = try await pending(of: page.jobs)
        return try await .wire { [services] in
            JobPage(
                jobs: try page.jobs.map { record in
                    var view = JobView(
                        record, pending: pending[record.id], running: services.progress[record.id])
                    view.spec = try record.spec.map { try JSON(parsing: $0, limits: .own) }
                    return view
                }, nextPageToken: page.next?.description)
        }
    }

    /// `GET /v1/jobs/{id}`, at once or by long-poll.
    func get(_ request: Request, _ query: QueryValues) async throws -> HandlerResult {
        let untilFinal = query.text("until") != nil
        let wait = min(300, query.seconds("wait") ?? (untilFinal ? 300 : 0))
        let record = try await job(request)
        if wait > 0, services.phase.phase != .draining {
            // Without a version a change from now on is meant.
            let known = query.integer("since_version") ?? record.version
            let poll = LongPoll(
                job: record.id, goal: untilFinal ? .final : .version(above: known),
                ifNoneMatch: request.field(.ifNoneMatch), deadline: services.reactor.clock.now() + .seconds(wait),
                isPretty: query.isPretty, among: services.changes)
            if !poll.isAnswered(by: record) { return .later(poll) }
        }
        return .now(try await conditional(record, request))
    }

    /// `GET /v1/jobs/{id}/spec`.
    func specification(_ request: Request, _ query: QueryValues) async throws -> Response {
        let record = try await job(request)
        let tag = EntityTag.of(version: record.version)
        if let field = request.field(.ifNoneMatch), EntityTag.ifNoneMatch(field, names: record.version) {
            return Response(.notModified, fields: [.eTag: tag])
        }
        guard let text = try await services.store.specification(of: record.id) else {
            throw Problem.noSuchJob(record.id.description)
        }
        var response = Response.json(Array(text.utf8) + [10])
        response.fields[.eTag] = tag
        return response
    }

    /// Why those of the jobs that wait do so.
    func pending(of records: [JobRecord]) async throws(StoreError) -> [JobID: PendingView] {
        try await services.reader.pending(of: records)
    }

    /// Rows that a list had to leave out are the operator's concern.
    func tell(unreadable: [String]) {
        guard !unreadable.isEmpty else { return }
        services.counters.add("tpud_unreadable_rows_total")
        services.log.error("a list left out jobs whose rows can't be read: \(unreadable.joined(separator: ", "))")
    }

    private func conditional(_ record: JobRecord, _ request: Request) async throws -> Response {
        if let field = request.field(.ifNoneMatch), EntityTag.ifNoneMatch(field, names: record.version) {
            return Response(.notModified, fields: [.eTag: EntityTag.of(version: record.version)])
        }
        return try await answer(record)
    }
}
