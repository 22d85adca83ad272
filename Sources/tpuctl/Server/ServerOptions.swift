import API
import ArgumentParser
import Formats
import FoundationEssentials
import Jobs
import Transfer

/// Options that every command takes: where the server is and how answers are shown.
struct ServerOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "The server: http://HOST:PORT or unix:PATH. [TPUD_URL, the context's, http://127.0.0.1:8470]")
    var url: String?

    @Option(name: .long, help: "The context of this command. [the one of tpuctl context use]")
    var context: String?

    @Option(name: .long, help: "A file with the token that requests bear. [the variable TPUD_TOKEN, the context's]")
    var tokenFile: String?

    @Option(
        name: .long, help: "text; wide: with more columns; name: ids alone; or what the server answers as json or yaml."
    )
    var output = OutputFormat.text

    /// The server these options name.
    func server() throws -> DaemonClient {
        let environment = ProcessInfo.processInfo.environment
        let given = url ?? environment["TPUD_URL"]
        // A context that is named must be there, whatever wins over it.
        let entry = given == nil || context != nil ? try ContextsFile.read().entry(context) : nil
        var token = try AccessToken.find(file: tokenFile, variable: environment["TPUD_TOKEN"])
        // A context's token is for its own daemon.
        if token == nil, given == nil, let entry {
            token = try AccessToken.find(file: entry.tokenFile, variable: entry.token)
        }
        return DaemonClient(
            client: try TransferClient(address: given ?? entry?.url ?? "http://127.0.0.1:8470"), token: token)
    }

    /// Shows an answer: the server's own, or its words.
    ///
    /// - Parameters:
    ///   - names: What others call what is in it, a line each; nil, the default, where the words have to do.
    ///   - wide: More words; nil, the default, where there are none.
    func show<View>(
        _ answer: Answer<View>, names: ((View) -> [String])? = nil, wide: ((View) -> String)? = nil,
        _ words: (View) -> String
    ) {
        switch output {
        case .name where names != nil:
            let lines = names?(answer.view) ?? []
            if !lines.isEmpty { Terminal.say(lines.joined(separator: "\n")) }
        case .wide: Terminal.say(wide?(answer.view) ?? words(answer.view))
        default: show(answer.json) { words(answer.view) }
        }
    }

    /// Shows a job: its id where only names are asked for.
    func show(_ answer: Answer<JobView>, _ words: (JobView) -> String) {
        show(answer, names: { [$0.id.description] }, words)
    }

    /// Shows a value, or what it is in words.
    func show(_ value: JSON, _ words: () -> String) {
        switch output {
        case .text, .wide, .name: Terminal.say(words())
        case .json: Terminal.say(Output.json(value))
        case .yaml: Terminal.say(YAMLWriter.text(value))
        }
    }
}

/// How answers are shown.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case wide
    case name
    case json
    case yaml

    /// Whether people read it.
    var isText: Bool { self == .text || self == .wide }
}
