import ArgumentParser
import Formats
import Transfer

/// `tpuctl download ID`
struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "download", abstract: "Download a file of a checkpoint; goes on where it was interrupted.")

    @Argument(help: "The job's id.")
    var id: String
    @Option(name: .long, help: "The checkpoint's step. [the newest]")
    var step: Int?
    @Option(name: .long, help: "The file.")
    var file = "model.safetensors"
    @Option(name: [.customLong("to")], help: "Where it is to stand. [the file's name, here]")
    var destination: String?
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let all = try server.get(Server.job(id, "/checkpoints"))["checkpoints"]?.array ?? []
        guard let chosen = all.first(where: { step == nil || $0["step"]?.int == step }), let at = chosen["step"]?.int
        else {
            throw JobFailure(
                message: step.map { "the job has no checkpoint at step \($0)" } ?? "the job has no checkpoint yet")
        }
        let sha256 = chosen["files"]?.array?.first { $0["name"]?.string == file }?["sha256"]?.string
        let path = destination ?? file
        try server.download(
            Server.job(id, "/checkpoints/\(at)/\(Server.escape(file))"), to: path, sha256: sha256)
        Terminal.say(options.output == .json ? Output.json(["path": JSON(path), "step": JSON(at)]) : path)
    }
}
