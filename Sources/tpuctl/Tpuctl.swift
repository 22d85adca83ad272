import ArgumentParser
import Glibc

/// The client of tpud.
@main struct Tpuctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tpuctl",
        abstract: "Submit training jobs to tpud and follow them.",
        discussion: """
            The server's address is --url, else the environment variable TPUD_URL, else http://127.0.0.1:8470;
            unix:PATH names a Unix socket.

            Exit status: 0 success, 1 the job failed, 2 usage, 3 the server can't be reached, 4 the server refused.
            """,
        subcommands: [
            Submit.self, List.self, Get.self, Wait.self, Logs.self, Cancel.self, Checkpoints.self, Fetch.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            Glibc.exit(ExitStatus.report(error).rawValue)
        }
    }
}
