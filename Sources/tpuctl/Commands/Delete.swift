import API
import ArgumentParser
import Jobs

/// `tpuctl delete JOB`
struct Delete: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove a job that has ended, with its checkpoints and its log.")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let id = try target.job.id(on: server)
        try server.delete("/v1/jobs/\(id)")
        if options.output.isText { Terminal.say("\(id) is deleted") }
    }
}
