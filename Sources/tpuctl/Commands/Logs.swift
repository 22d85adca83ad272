import ArgumentParser
import Formats

/// `tpuctl logs [-f] ID`
struct Logs: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a job's log.")

    @Argument(help: "The job's id.")
    var id: String
    @Flag(name: .shortAndLong, help: "Go on until the job ends.")
    var follow = false
    @Option(name: .long, help: "Only the last so many lines.")
    var tail: Int?
    @OptionGroup var options: ServerOptions

    func run() throws {
        var query: [String] = []
        if follow { query.append("follow=true") }
        if let tail { query.append("tail=\(tail)") }
        let rest = query.isEmpty ? "/logs" : "/logs?" + query.joined(separator: "&")
        guard Terminal.isShown else {
            return try options.server().stream(Server.job(id, rest)) { Terminal.pass($0) }
        }
        var text = TerminalText()
        try options.server().stream(Server.job(id, rest)) { Terminal.show(text.escape($0)) }
        Terminal.show(text.end())
    }
}
