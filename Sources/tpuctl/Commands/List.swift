import API
import ArgumentParser
import Formats
import Jobs

/// `tpuctl list`
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List jobs, newest first.")

    @Option(name: .long, help: "Only jobs in this state, RUNNING for example.")
    var state: String?
    @Option(name: .long, help: "Only jobs with this label, team=vision for example.")
    var label: String?
    @Option(name: .long, help: "Only jobs of this name.")
    var name: String?
    @Option(name: .long, help: "Only jobs of this owner.")
    var owner: String?
    @Option(name: .long, help: "At most so many.")
    var limit = 50
    @OptionGroup var options: ServerOptions

    func run() throws {
        let page = try options.server().pages(
            of: "/v1/jobs",
            query: [("state", state?.uppercased()), ("label", label), ("owner", owner), ("name", name)],
            elements: \JobPage.jobs, next: \.nextPageToken, limit: limit)
        options.show(
            page, names: { $0.jobs.map(\.id.description) }, wide: { JobReport.wideTable($0.jobs, now: Numbers.now) }
        ) { JobReport.table($0.jobs, now: Numbers.now) }
    }
}
