import API
import ArgumentParser
import Formats
import Jobs

/// `tpuctl predictions JOB`
struct Predictions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fetch a job's predictions: a line of JSON for each row of its input.")

    @OptionGroup var target: JobArgument
    @Option(name: .customShort("o"), help: "Where to write them, - for standard output. [standard output]")
    var destination = "-"
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let id = try target.job.id(on: server)
        let path = "/v1/jobs/\(id)/predictions"
        if destination == "-" { return try server.stream(path) { Terminal.pass($0) } }
        let file = try server.get("/v1/jobs/\(id)", JobView.self).view.result?.predictions
        try server.download(path, to: destination, sha256: file?.sha256)
        options.show(file?.wire ?? .null) { destination }
    }
}
