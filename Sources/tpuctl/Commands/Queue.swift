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
        let page = try options.server().pages(
            of: "/v1/queue", elements: \QueueView.jobs, next: \.nextPageToken, limit: limit)
        options.show(page, names: { $0.jobs.map(\.id.description) }) { queue in
            Table.aligned(
                [["ID", "PRIORITY", "WAITS"]]
                    + queue.jobs.map { [$0.id.description, "\($0.priority)", JobReport.waits($0.pending)] })
        }
    }
}
