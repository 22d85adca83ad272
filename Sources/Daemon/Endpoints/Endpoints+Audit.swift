import API
import HTTP
import Store

extension Endpoints {
    /// `GET /v1/audit`.
    func audit(_ request: Request, _ query: QueryValues) async throws -> Response {
        let page = try await services.store.audit(
            job: query.text("job_id")?.lowercased(), principal: query.text("principal"),
            limit: min(500, query.integer("limit") ?? 50), before: query.integer("page_token"))
        return .wire(
            AuditPage(
                page.entries.map { entry in
                    AuditEntryView(
                        number: entry.number, at: entry.at, principal: entry.mark.principal, token: entry.mark.token,
                        verb: entry.mark.verb, jobID: entry.job, host: entry.host, deliveryID: entry.delivery,
                        requestID: entry.mark.requestID, result: entry.result)
                }, nextPageToken: page.next.map(String.init)))
    }
}
