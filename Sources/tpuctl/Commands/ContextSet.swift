import ArgumentParser
import Formats
import OrderedCollections
import Transfer

/// `tpuctl context set NAME --url URL`
struct ContextSet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Make a context, or change one; the first is chosen at once.",
        discussion: """
            tpuctl context set lab --url https://tpud.example --token-stdin < token

            A token is never an argument: every user of the machine could read it.
            """)

    @Argument(help: "The context's name.")
    var name: String
    @Option(name: .long, help: "Where the daemon is: http://HOST:PORT, https://… or unix:PATH.")
    var url: String?
    @Option(name: .long, help: "A file with the token, which is read at each command.")
    var tokenFile: String?
    @Flag(name: .long, help: "Read the token from standard input and keep it.")
    var tokenStdin = false
    @Flag(name: .long, help: "Forget the token.")
    var noToken = false

    func validate() throws {
        guard !name.isEmpty, HiddenCharacter(in: name) == nil else {
            throw ValidationError("the name of a context must not be empty, nor hold hidden characters")
        }
        guard [tokenFile != nil, tokenStdin, noToken].count(where: { $0 }) <= 1 else {
            throw ValidationError("expected one of --token-file, --token-stdin and --no-token, found several")
        }
    }

    func run() throws {
        let token = try tokenStdin ? AccessToken.read(Output.standardInput(), "standard input") : nil
        try ContextsFile.change { contexts in
            guard let address = url ?? contexts.entries[name]?.url else {
                throw ValidationError("a new context needs --url")
            }
            _ = try TransferClient(address: address)
            var entry = contexts.entries[name] ?? Contexts.Entry(url: address)
            entry.url = address
            if token != nil || tokenFile != nil || noToken {
                entry.token = token
                entry.tokenFile = tokenFile
            }
            contexts.entries[name] = entry
            if contexts.current == nil { contexts.current = name }
        }
        Terminal.say("the context \(name) is set")
    }
}
