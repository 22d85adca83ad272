import ArgumentParser
import Formats

/// `tpuctl wait ID`
struct Wait: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait until a job has ended; the exit status says how it did.")

    @Argument(help: "The job's id.")
    var id: String
    @OptionGroup var options: ServerOptions

    func run() throws {
        try Wait.follow(id, server: options.server(), output: options.output)
    }

    /// Shows progress on a terminal, the finished job at the end.
    ///
    /// - Throws: `JobFailure` where the job did not succeed.
    static func follow(_ id: String, server: Server, output: OutputFormat) throws {
        let draws = Terminal.showsProgress && output == .text
        let job = try JobWatch(server: server, id: id).run { job in
            if draws { Terminal.redraw(ProgressBar(job: job).line(columns: Terminal.columns)) }
        }
        if draws { Terminal.redraw("") }
        Terminal.say(output == .json ? Output.json(job) : JobReport.text(job))
        if job["state"]?.string != "SUCCEEDED" { throw JobFailure(message: nil) }
    }
}
