import API
import ArgumentParser
import Daemon

/// `tpud`: one file a subcommand.
@main struct Tpud: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tpud", abstract: "A training daemon for simulated TPU pods.", version: Build.number,
        subcommands: [
            ServeCommand.self, CheckConfigCommand.self, BackupCommand.self, TokenCommand.self, WorkerCommand.self,
            CheckCommand.self, ExportCommand.self,
        ])
}
