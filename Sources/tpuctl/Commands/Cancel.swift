import API
import ArgumentParser
import Jobs

/// `tpuctl cancel JOB`
struct Cancel: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Cancel a job.")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let answer = try server.post(target.path(on: server, "/cancel"), JobView.self)
        options.show(answer) { "\($0.id) \($0.state.rawValue)" }
    }
}
