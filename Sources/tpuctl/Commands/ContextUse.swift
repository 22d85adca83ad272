import ArgumentParser

/// `tpuctl context use NAME`
struct ContextUse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Choose the context that commands are for from now on.")

    @OptionGroup var context: ContextArgument

    func run() throws {
        try context.change { $0.current = context.name }
        Terminal.say("the context is \(context.name)")
    }
}
