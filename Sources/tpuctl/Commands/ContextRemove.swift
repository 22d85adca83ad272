import ArgumentParser
import OrderedCollections

/// `tpuctl context remove NAME`
struct ContextRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a context, with its token.")

    @OptionGroup var context: ContextArgument

    func run() throws {
        try context.change { contexts in
            contexts.entries[context.name] = nil
            if contexts.current == context.name { contexts.current = nil }
        }
        Terminal.say("the context \(context.name) is removed")
    }
}
