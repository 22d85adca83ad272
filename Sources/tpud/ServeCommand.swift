import ArgumentParser
import Daemon

/// `tpud serve`: the daemon.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Run the daemon.")

    @OptionGroup var flags: ConfigurationFlags

    func run() async throws {
        _ = try flags.load()
    }
}
