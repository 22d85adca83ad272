import API
import ArgumentParser
import Jobs

/// `tpuctl queue`
struct Queue: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the jobs that wait, in the order in which they will start.")

    @Option(name: .long, help: "At most so many.")
    var limit = 50
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        options.show(
            try server.get(DaemonClient.target("/v1/queue", ["limit": "\(min(500, max(1, limit)))"]), QueueView.self),
            names: { $0.jobs.map(\.id.description) }
        ) { queue in
            Table.aligned(
                [["ID", "PRIORITY", "WAITS"]]
                    + queue.jobs.map { [$0.id.description, "\($0.priority)", JobReport.waits($0.pending)] })
        }
    }
}
