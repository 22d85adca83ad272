import API
import Formats
import HTTP
import HTTPTypes
import Jobs
import OrderedCollections
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
            filter, limit: min(500, query.integer("limit") ?? 50), after: query.text("page_token").flatMap { JobID($0) }
        )
        return try await .wire { JobPage(jobs: page.jobs.map(view), nextPageToken: page.next?.description) }
    }

    /// `GET /v1/jobs/{id}`, at once or by long-poll.
    func get(_ request: Request, _ query: QueryValues) async throws -> Response {
        let id = try Self.id(request)
        let untilFinal = query.text("until") != nil
        let wait = min(300, query.seconds("wait") ?? (untilFinal ? 300 : 0))
        guard wait > 0 else { return try await conditional(try await job(request), request) }
        let deadline = services.reactor.clock.now() + .seconds(wait)
        let subscription = services.changes.subscribe(to: id)
        defer { services.changes.unsubscribe(subscription, from: id) }
        // Without a version a change from now on is meant.
        var since = query.integer("since_version")
        while true {
            let record = try await job(request)
            let known = since ?? record.version
            since = known
            if record.state.isFinal || (!untilFinal && record.version > known) || services.phase.phase == .draining {
                return try await conditional(record, request)
            }
            switch await subscription.next(until: deadline) {
            case .announced: continue
            case .timedOut: return try await conditional(try await job(request), request)
            case .cancelled: throw CancellationError()
            }
        }
    }

    private func conditional(_ record: JobRecord, _ request: Request) async throws -> Response {
        if let field = request.field(.ifNoneMatch), EntityTag.ifNoneMatch(field, names: record.version) {
            return Response(.notModified, fields: [.eTag: EntityTag.of(version: record.version)])
        }
        return try await answer(record)
    }

    /// `POST /v1/jobs/{id}/<verb>`.
    func ask(_ verb: Verb, _ request: Request) async throws -> Response {
        let id = try Self.id(request)
        switch try await supervisor.ask(verb, of: id) {
        case .changed(let record): return try await answer(record, status: .accepted)
        case .already(let record): return try await answer(record)
        case .unknown: throw Problem.noSuchJob(id.description)
        case .illegal(let record, let allowed):
            throw Problem(
                409, code: "ILLEGAL_STATE",
                detail: "A job that is \(record.state.rawValue) can't be asked to \(verb.rawValue)",
                extra: [
                    "current_state": .string(record.state.rawValue),
                    "allowed": .array(allowed.map { .string($0.rawValue) }),
                ])
        }
    }
}
