import ArgumentParser
import Formats

/// `tpuctl list`
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List jobs, newest first.")

    @Option(name: .long, help: "Only jobs in this state, RUNNING for example.")
    var state: String?
    @Option(name: .long, help: "Only jobs with this label, team=vision for example.")
    var label: String?
    @Option(name: .long, help: "At most so many.")
    var limit = 50
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        var jobs: [JSON] = []
        var page: String?
        repeat {
            var target = "/v1/jobs?limit=\(min(500, max(1, limit - jobs.count)))"
            if let state { target += "&state=\(Server.escape(state.uppercased()))" }
            if let label { target += "&label=\(Server.escape(label))" }
            if let page { target += "&page_token=\(Server.escape(page))" }
            let answer = try server.get(target)
            jobs += answer["jobs"]?.array ?? []
            page = answer["next_page_token"]?.string
        } while page != nil && jobs.count < limit
        Terminal.say(
            options.output == .json
                ? Output.json(["jobs": .array(jobs), "next_page_token": page.map { JSON($0) } ?? nil])
                : JobReport.table(jobs))
    }
}
