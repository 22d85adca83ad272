import ArgumentParser
import Formats

/// `tpuctl logs [-f] JOB`
struct Logs: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a job's log.")

    @OptionGroup var target: JobArgument
    @Flag(name: .shortAndLong, help: "Go on until the job ends.")
    var follow = false
    @Option(name: .long, help: "Only the last so many lines.")
    var tail: Int?
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let path = DaemonClient.target(
            try target.path(on: server, "/logs"), ["follow": follow ? "true" : nil, "tail": tail.map(String.init)])
        guard Terminal.isShown else { return try server.stream(path) { Terminal.pass($0) } }
        var text = TerminalText()
        try server.stream(path) { Terminal.show(text.escape($0)) }
        Terminal.show(text.end())
    }
}
