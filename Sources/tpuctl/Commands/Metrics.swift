import API
import ArgumentParser
import Formats
import Jobs

/// `tpuctl metrics JOB`
struct Metrics: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show the series that a job has reported.")

    @OptionGroup var target: JobArgument
    @Option(name: .long, help: "Only this series, loss for example; repeatable.")
    var name: [String] = []
    @Option(name: .long, help: "At most so many points of each series, spread evenly.")
    var points = 20
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        var query = ["max_points=\(max(1, points))"]
        query += name.map { "name=\(PercentEncoding.encoded($0))" }
        let path = try target.path(on: server, "/metrics?" + query.joined(separator: "&"))
        options.show(try server.get(path, MetricsView.self)) { view in
            let rows = view.series.sorted { $0.key < $1.key }.flatMap { name, points in
                points.map { [name, "\($0.step)", Numbers.general($0.value, digits: 6)] }
            }
            return Table.aligned([["SERIES", "STEP", "VALUE"]] + rows)
        }
    }
}
