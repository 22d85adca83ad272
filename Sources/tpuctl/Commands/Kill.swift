import ArgumentParser
import Jobs

/// `tpuctl kill JOB`
struct Kill: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End a job at once, without a last checkpoint.")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws { try target.ask(.kill, options) }
}
