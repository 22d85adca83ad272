import API
import ArgumentParser

/// `tpuctl get JOB`
struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a job.")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        options.show(try server.get(target.path(on: server)), JobReport.text)
    }
}
