import API
import Formats
import HTTP
import HTTPTypes
import Jobs
import Store

extension Endpoints {
    /// `GET /v1/webhooks/deliveries`.
    func deliveries(_ request: Request, _ query: QueryValues) async throws -> Response {
        var job: JobID?
        if let text = query.text("job_id") {
            // What is not an id names no job, and so no delivery.
            guard let id = JobID(text.lowercased()) else { return .wire(DeliveryPage([])) }
            job = id
        }
        let page = try await services.store.deliveries(
            in: query.texts("state").compactMap(DeliveryState.init), of: job,
            limit: min(500, query.integer("limit") ?? 50), before: query.integer("page_token"))
        return .wire(
            DeliveryPage(page.deliveries.map { DeliveryView($0) }, nextPageToken: page.next.map(String.init)))
    }

    /// `POST /v1/webhooks/deliveries/{id}/redeliver`.
    func redeliver(_ request: Request) async throws -> Response {
        try Self.requireNoMembers(request.body)
        let principal = try services.access.principal(of: request)
        let id = request.parameter("id") ?? ""
        guard let delivery = try await services.store.delivery(id) else { throw Problem.noSuchDelivery(id) }
        try principal.requireRight(to: "Delivery \(id)", of: delivery.owner)
        let key = try await Self.replyKey(request, of: principal, path: "/v1/webhooks/deliveries/\(id)/redeliver")
        let promise = key.map { key in ReplyPromise<DeliveryRecord>(key) { Self.reply(to: $0) } }
        let mark = Self.mark(request, of: principal, "redeliver")
        switch try await services.store.redeliver(id, at: services.clock.wall(), promise: promise, audit: mark) {
        case .done(let record):
            let reply = Self.reply(to: record)
            return .json(reply.body, status: .init(code: reply.status))
        case .earlier(let reply): return Self.again(reply)
        case .conflict: throw Self.keyReused(key)
        }
    }

    private static func reply(to delivery: DeliveryRecord) -> KeptReply {
        KeptReply(status: 202, body: DeliveryView(delivery).wire.serialized() + [10])
    }
}
