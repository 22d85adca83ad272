import ArgumentParser
import Formats

/// `tpuctl get ID`
struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a job.")

    @Argument(help: "The job's id.")
    var id: String
    @OptionGroup var options: ServerOptions

    func run() throws {
        let job = try options.server().get(Server.job(id))
        Terminal.say(options.output == .json ? Output.json(job) : JobReport.text(job))
    }
}
