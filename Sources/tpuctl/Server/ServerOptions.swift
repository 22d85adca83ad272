import ArgumentParser
import FoundationEssentials
import Transfer

/// Options that every command takes: where the server is and how answers are shown.
struct ServerOptions: ParsableArguments {
    @Option(name: .long, help: "The server: http://HOST:PORT or unix:PATH. [TPUD_URL, http://127.0.0.1:8470]")
    var url: String?

    @Option(name: .shortAndLong, help: "text, or the server's own json.")
    var output = OutputFormat.text

    /// The server these options name.
    func server() throws -> Server {
        let environment = ProcessInfo.processInfo.environment
        let address = url ?? environment["TPUD_URL"] ?? "http://127.0.0.1:8470"
        return Server(client: try TransferClient(address: address), token: environment["TPUD_TOKEN"])
    }
}

/// How answers are shown.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}
