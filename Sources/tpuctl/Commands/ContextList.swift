import ArgumentParser
import Formats

/// `tpuctl context list`
struct ContextList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the contexts; the chosen one has a star.")

    func run() throws { Terminal.say(Table.aligned(try ContextsFile.read().rows)) }
}
