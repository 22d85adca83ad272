import ArgumentParser
import Formats

/// `tpuctl cancel ID`
struct Cancel: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Cancel a job.")

    @Argument(help: "The job's id.")
    var id: String
    @OptionGroup var options: ServerOptions

    func run() throws {
        let job = try options.server().post(Server.job(id, "/cancel"))
        Terminal.say(options.output == .json ? Output.json(job) : "\(id) \(job["state"]?.string ?? "")")
    }
}
