import API
import ArgumentParser
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
        let chosen = try target.checkpoint(step, of: id, on: server)
        let entry = try chosen.file(file)
        let path = chosen.path(of: file, job: id)
        if destination == "-" { return try server.stream(path) { Terminal.pass($0) } }
        let place = destination ?? file
        try server.download(path, to: place, sha256: entry.sha256)
        options.show(chosen.wire) { place }
    }
}
