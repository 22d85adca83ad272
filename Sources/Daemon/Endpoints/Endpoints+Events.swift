import API
import HTTP
import HTTPTypes
import Jobs
import Store

extension Endpoints {
    /// `GET /v1/jobs/{id}/events`.
    func jobEvents(_ request: Request, _ query: QueryValues) async throws -> Response {
        try await events(of: .job(try await job(request).id), request, query)
    }

    /// `GET /v1/events`.
    func allEvents(_ request: Request, _ query: QueryValues) async throws -> Response {
        try await events(of: .all, request, query)
    }

    /// A page as JSON, or a stream that goes on.
    private func events(
        of topic: EventTopic, _ request: Request, _ query: QueryValues
    ) async throws -> Response {
        let types = ["application/json", ServerSentEvent.mediaType]
        guard let type = AcceptField(request.field(.accept)).choice(among: types) else {
            throw Problem(.notAcceptable, detail: "Events come as application/json or text/event-stream")
        }
        let job: JobID? = if case .job(let id) = topic { id } else { nil }
        let selection = try EventSelection(
            query, lastEventID: request.field(.lastEventID), isStream: type == ServerSentEvent.mediaType)
        let seq =
            switch selection.start {
            case .after(let seq): seq
            case .last(let count): try await services.store.seq(beforeLast: count, of: job)
            }
        if type == ServerSentEvent.mediaType {
            return Response(
                .ok,
                fields: [
                    .contentType: ServerSentEvent.mediaType, .cacheControl: CacheControl.never.rawValue,
                    .vary: "Accept",
                    // nginx would keep events back until a buffer is full.
                    .accelBuffering: "no",
                ], body: .held(EventFollower(of: topic, after: seq, among: here.events)))
        }
        let page = try await services.store.events(of: job, after: seq, limit: selection.limit)
        var response = try await Response.wire {
            EventList(try page.events.map { try EventView($0) }, nextSeq: page.next)
        }
        response.fields[.vary] = "Accept"
        return response
    }
}
