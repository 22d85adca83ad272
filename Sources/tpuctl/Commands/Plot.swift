import API
import ArgumentParser
import Formats
import Jobs

/// `tpuctl plot JOB`
struct Plot: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Draw a job's loss and metrics over its steps.")

    @OptionGroup var target: JobArgument
    @Option(name: .long, help: "Only this series, loss for example; repeatable.")
    var name: [String] = []
    @Option(name: .long, help: "Columns of the picture. [the terminal's]")
    var width: Int?
    @Option(name: .long, help: "Lines of each series.")
    var height = 10
    @OptionGroup var options: ServerOptions

    func validate() throws {
        if let width, !(20...1000).contains(width) {
            throw ValidationError("expected --width from 20 to 1000, found \(width)")
        }
        guard (2...100).contains(height) else {
            throw ValidationError("expected --height from 2 to 100, found \(height)")
        }
    }

    func run() throws {
        let server = try options.server()
        let columns = width ?? min(Terminal.columns, 1000)
        // Two dots to a column.
        let query = ["max_points=\(2 * columns)"] + name.map { "name=\(PercentEncoding.encoded($0))" }
        let path = try target.path(on: server, "/metrics?" + query.joined(separator: "&"))
        options.show(try server.get(path, MetricsView.self)) { view in
            let charts = view.series.sorted { $0.key < $1.key }.map { name, points in
                BrailleChart(title: name, points: points.map { ($0.step, $0.value) })
                    .drawn(columns: columns, lines: height)
            }
            return charts.isEmpty ? "the job has reported nothing yet" : charts.joined(separator: "\n\n")
        }
    }
}
