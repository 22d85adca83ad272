import ArgumentParser
import OrderedCollections

/// `tpuctl context remove NAME`
struct ContextRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a context, with its token.")

    @Argument(help: "The context's name.")
    var name: String

    func run() throws {
        try ContextsFile.change { contexts in
            guard contexts.entries.removeValue(forKey: name) != nil else { throw contexts.missing(name) }
            if contexts.current == name { contexts.current = nil }
        }
        Terminal.say("the context \(name) is removed")
    }
}
