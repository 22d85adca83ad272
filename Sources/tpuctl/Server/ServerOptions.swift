import API
import ArgumentParser
import Formats
import FoundationEssentials
import Transfer

/// Options that every command takes: where the server is and how answers are shown.
struct ServerOptions: ParsableArguments {
    @Option(name: .long, help: "The server: http://HOST:PORT or unix:PATH. [TPUD_URL, http://127.0.0.1:8470]")
    var url: String?

    @Option(name: .long, help: "A file with the token that requests bear. [the variable TPUD_TOKEN]")
    var tokenFile: String?

    @Option(name: .long, help: "text, or the server's own json.")
    var output = OutputFormat.text

    /// The server these options name.
    func server() throws -> DaemonClient {
        let environment = ProcessInfo.processInfo.environment
        let address = url ?? environment["TPUD_URL"] ?? "http://127.0.0.1:8470"
        return DaemonClient(
            client: try TransferClient(address: address),
            token: try AccessToken.find(file: tokenFile, variable: environment["TPUD_TOKEN"]))
    }

    /// Shows an answer: the server's own JSON, or its words.
    func show<View>(_ answer: Answer<View>, _ words: (View) -> String) {
        Terminal.say(output == .json ? Output.json(answer.json) : words(answer.view))
    }
}

/// How answers are shown.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}
