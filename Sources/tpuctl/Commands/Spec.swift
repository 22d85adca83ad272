import API
import ArgumentParser
import Formats

/// `tpuctl spec JOB`
struct Spec: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a job's specification with every default filled in.",
        discussion: "tpuctl spec digits > job.json && tpuctl submit job.json")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws {
        let spec = try target.job.specification(on: options.server()).spec
        options.show(spec) { Output.json(spec) }
    }
}
