import API
import ArgumentParser
import Dispatch
import Jobs

/// `tpuctl wait JOB`
struct Wait: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait until a job has ended; the exit status says how it did.")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        try Wait.follow(target.job.id(on: server), server: server, options: options)
    }

    /// Shows progress on standard error (a line that is drawn again on a terminal, a line whenever it changes elsewhere,
    /// one a second at most), the finished job at the end.
    ///
    /// - Throws: `JobDidNotSucceed`.
    static func follow(_ id: JobID, server: DaemonClient, options: ServerOptions) throws {
        let isText = options.output.isText
        let draws = Terminal.showsProgress && isText
        let interruption = Interruption.explain(id)
        defer { interruption.cancel() }
        var last = ""
        let answer = try JobWatch(server: server, id: id).run { job in
            let line = ProgressLine(job: job)
            if draws {
                Terminal.redraw(line.drawn(columns: Terminal.columns))
            } else if isText, !job.state.isFinal, line.text != last {
                last = line.text
                Terminal.note(line.text)
            }
        }
        if draws { Terminal.redraw("") }
        options.show(answer, JobReport.text)
        if answer.view.state != .succeeded { throw JobDidNotSucceed() }
    }
}
