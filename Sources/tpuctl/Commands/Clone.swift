import API
import ArgumentParser
import Formats

/// `tpuctl clone JOB [--set FIELD=VALUE]…`
struct Clone: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Submit a job's specification again, with changes.",
        discussion: "tpuctl clone digits --set train.max_steps=500 --set name=longer --wait")

    @OptionGroup var target: JobArgument
    @OptionGroup var changes: SpecChanges
    @OptionGroup var submission: Submission
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let spec = try target.job.specification(on: server).spec
        try submission.send(try changes.applied(to: spec).serialized(), to: server, options)
    }
}
