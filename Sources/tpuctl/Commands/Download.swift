import API
import ArgumentParser
import Formats
import Jobs

/// `tpuctl download JOB`
struct Download: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Download a file of a checkpoint; goes on where it was interrupted.")

    @OptionGroup var target: JobArgument
    @Option(name: .long, help: "The checkpoint's step. [the newest good one]")
    var step: Int?
    @Option(name: .long, help: "The file.")
    var file = "model.safetensors"
    @Option(name: .customShort("o"), help: "Where to write it, - for standard output. [the file's name, here]")
    var destination: String?
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let id = try target.job.id(on: server)
        let all = try server.get("/v1/jobs/\(id)/checkpoints", CheckpointList.self).view.elements
        let chosen = all.first { checkpoint in
            if let step { checkpoint.step == step } else { checkpoint.state == .good }
        }
        guard let chosen else {
            let what = step.map { "checkpoint at step \($0)" } ?? "good checkpoint yet"
            throw NotFound(message: "job \(id) has no \(what)")
        }
        guard let entry = chosen.files.first(where: { $0.name == file }) else {
            let names = chosen.files.map(\.name).joined(separator: ", ")
            throw NotFound(message: "the checkpoint at step \(chosen.step) has no file \(file); it has \(names)")
        }
        let path = "/v1/jobs/\(id)/checkpoints/\(chosen.step)/\(PercentEncoding.encoded(file))"
        if destination == "-" { return try server.stream(path) { Terminal.pass($0) } }
        let place = destination ?? file
        try server.download(path, to: place, sha256: entry.sha256)
        Terminal.say(options.output == .json ? Output.json(chosen.wire) : place)
    }
}
