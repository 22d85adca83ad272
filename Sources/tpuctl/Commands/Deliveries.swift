import API
import ArgumentParser
import Jobs

/// `tpuctl deliveries [--state STATE] [--job JOB]`
struct Deliveries: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what was sent, and is to be sent, to webhooks, newest first.")

    @Option(name: .long, help: "Only deliveries in this state: pending, delivered or dead; repeatable.")
    var state: [String] = []
    @Option(name: .long, help: "Only those of this job.")
    var job: JobReference?
    @Option(name: .long, help: "At most so many.")
    var limit = 50
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let parameters =
            state.map { ("state", Optional($0.uppercased())) }
            + [("job_id", try job?.id(on: server).description)]
        let page = try server.pages(
            of: "/v1/webhooks/deliveries", query: parameters, elements: \DeliveryPage.deliveries, next: \.nextPageToken,
            limit: limit)
        options.show(page, names: { $0.deliveries.map(\.id) }, wide: { Self.table($0.deliveries, isWide: true) }) {
            Self.table($0.deliveries, isWide: false)
        }
    }

    private static func table(_ deliveries: [DeliveryView], isWide: Bool) -> String {
        let head = ["ID", "STATE", "TYPE", "JOB", "TRIES"]
        let wide = ["STATUS", "CREATED", "LAST", "NEXT", "URL"]
        return Table.aligned(
            [head + (isWide ? wide : ["NEXT"]) + ["ERROR"]]
                + deliveries.map { delivery in
                    let next = delivery.nextAttemptAt?.rfc3339 ?? "-"
                    let more = [
                        delivery.lastStatus.map(String.init) ?? "-", delivery.createdAt.rfc3339,
                        delivery.lastAttemptAt?.rfc3339 ?? "-", next, delivery.url,
                    ]
                    return [
                        delivery.id, delivery.state.rawValue, delivery.type, delivery.jobID.description,
                        "\(delivery.attempts)",
                    ] + (isWide ? more : [next]) + [delivery.lastError ?? ""]
                })
    }
}
