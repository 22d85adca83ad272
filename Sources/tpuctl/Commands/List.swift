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
        let server = try options.server()
        var all = JobPage(jobs: [])
        repeat {
            let target = DaemonClient.target(
                "/v1/jobs",
                [
                    "limit": "\(min(500, max(1, limit - all.jobs.count)))", "state": state?.uppercased(),
                    "label": label, "owner": owner, "name": name, "page_token": all.nextPageToken,
                ])
            let page = try server.get(target, JobPage.self).view
            all.jobs += page.jobs
            all.nextPageToken = page.nextPageToken
        } while all.nextPageToken != nil && all.jobs.count < limit
        options.show(
            Answer(json: all.wire, view: all), names: { $0.jobs.map(\.id.description) },
            wide: { JobReport.wideTable($0.jobs, now: Numbers.now) }
        ) { JobReport.table($0.jobs, now: Numbers.now) }
    }
}
