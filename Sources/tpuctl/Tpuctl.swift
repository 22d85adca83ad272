import API
import ArgumentParser
import Glibc

/// The client of tpud.
@main struct Tpuctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tpuctl",
        abstract: "Submit training jobs to tpud and follow them.",
        discussion: """
            The server's address is --url, else the environment variable TPUD_URL, else that of the context (see tpuctl context),
            else http://127.0.0.1:8470; unix:PATH names a Unix socket. A job is named by its id, by the beginning of its id, or by its name, as long as
            that means one job. Where the daemon asks for a token, it is read from the file of --token-file, the
            environment variable TPUD_TOKEN or the context.

            Exit status: 0 success, 1 the job did not succeed, 2 usage, 3 the server can't be reached, 4 the server
            refused or does not have it, 5 the output can't be written, 130 interrupted.
            """,
        version: Build.number,
        subcommands: [
            Submit.self, List.self, Get.self, Wait.self, Logs.self, Events.self, Cancel.self, Kill.self, Pause.self,
            Resume.self, WriteCheckpoint.self, Delete.self, Attempts.self, Checkpoints.self, Download.self, Export.self,
            Predictions.self, Metrics.self, Plot.self, Profile.self, Profiles.self, Spec.self, Diff.self, Clone.self,
            Queue.self, Topology.self, Top.self, Host.self, Deliveries.self, Redeliver.self, Audit.self,
            ContextCommand.self,
        ])

    static func main() {
        // A reader that has gone is told by the write.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            Glibc.exit(ExitStatus.report(error).rawValue)
        }
    }
}
