import ArgumentParser

/// `tpud`: one file a subcommand.
@main struct Tpud: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tpud", abstract: "A training daemon for simulated TPU pods.", version: "0.1.0",
        subcommands: [ServeCommand.self, CheckConfigCommand.self, WorkerCommand.self])
}
