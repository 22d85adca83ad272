import ArgumentParser
import Jobs

/// `tpuctl checkpoint JOB`
struct WriteCheckpoint: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint", abstract: "Let a running job write a checkpoint and go on.")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws { try target.ask(.checkpoint, options) }
}
