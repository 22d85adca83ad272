import ArgumentParser
import Daemon

/// `tpud backup FILE`: a copy of the database as it is, of a daemon that may go on meanwhile.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the database of the state folder to a file.")

    @Argument(help: "The file to write; it is replaced once the copy is complete.") var file: String
    @OptionGroup var flags: ConfigurationFlags

    func run() throws {
        let folder: String
        do throws(ConfigurationError) {
            folder = try flags.load().stateDirectory
        } catch {
            throw error.told
        }
        try StateBackup.run(folder: folder, to: file)
    }
}
