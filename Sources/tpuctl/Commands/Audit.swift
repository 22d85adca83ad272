import API
import ArgumentParser
import Jobs

/// `tpuctl audit [--job JOB] [--principal NAME]`
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List who has asked what of which job, host or delivery, newest first; for admins.")

    @Option(name: .long, help: "Only what was asked of this job; one that is deleted is named by its whole id.")
    var job: JobReference?
    @Option(name: .long, help: "Only what this one asked for.")
    var principal: String?
    @Option(name: .long, help: "At most so many.")
    var limit = 50
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let page = try server.pages(
            of: "/v1/audit", query: [("job_id", try job?.id(on: server).description), ("principal", principal)],
            elements: \AuditPage.entries, next: \.nextPageToken, limit: limit)
        options.show(page, names: { $0.entries.map { "\($0.number)" } }, wide: { Self.table($0.entries, isWide: true) })
        { Self.table($0.entries, isWide: false) }
    }

    private static func table(_ entries: [AuditEntryView], isWide: Bool) -> String {
        Table.aligned(
            [["NUMBER", "AT", "WHO", "VERB", "OF", "RESULT"] + (isWide ? ["TOKEN", "REQUEST"] : [])]
                + entries.map { entry in
                    let object = entry.deliveryID ?? entry.host.map { "host \($0)" } ?? entry.jobID ?? "-"
                    return ["\(entry.number)", entry.at.rfc3339, entry.principal, entry.verb, object, entry.result]
                        + (isWide ? [entry.token ?? "-", entry.requestID] : [])
                })
    }
}
