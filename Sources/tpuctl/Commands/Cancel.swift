import ArgumentParser
import Jobs

/// `tpuctl cancel JOB`
struct Cancel: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Cancel a job; a running one writes a last checkpoint.")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws { try target.ask(.cancel, options) }
}
