import ArgumentParser
import Jobs

/// `tpuctl resume JOB`
struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a paused or held job be started again, from its newest checkpoint.")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws { try target.ask(.resume, options) }
}
