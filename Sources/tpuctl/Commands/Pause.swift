import ArgumentParser
import Jobs

/// `tpuctl pause JOB`
struct Pause: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a job aside: a running one writes a checkpoint and gives its cores back.")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws { try target.ask(.pause, options) }
}
