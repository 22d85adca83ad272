import ArgumentParser
import OrderedCollections

/// `tpuctl context use NAME`
struct ContextUse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Choose the context that commands are for from now on.")

    @Argument(help: "The context's name.")
    var name: String

    func run() throws {
        try ContextsFile.change { contexts in
            guard contexts.entries[name] != nil else { throw contexts.missing(name) }
            contexts.current = name
        }
        Terminal.say("the context is \(name)")
    }
}
