import ArgumentParser
import FoundationEssentials
import Formats
import Transfer

/// `tpuctl submit FILE|-`
struct Submit: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Submit a job.")

    @Argument(help: "The job's spec as JSON; - reads standard input.")
    var file: String
    @Flag(name: .long, help: "Wait until the job has ended, and show its progress.")
    var wait = false
    @Flag(name: .long, help: "Check and plan the job without storing it.")
    var dryRun = false
    @Option(name: .long, help: "An Idempotency-Key: submitting again with the same one gives the same job.")
    var idempotencyKey: String?
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        // A key of our own makes it safe to send again when the answer got lost.
        let key = dryRun ? nil : idempotencyKey ?? UUID().uuidString
        let spec = try read()
        let target = dryRun ? "/v1/jobs?dry_run=true" : "/v1/jobs"
        var answer: JSON
        do {
            answer = try server.post(target, content: spec, key: key)
        } catch let error as TransferError where error.code == .unreachable && key != nil {
            answer = try server.post(target, content: spec, key: key)
        }
        if dryRun {
            let summary = answer["plan"]?["summary"]?.string
            Terminal.say(options.output == .json ? Output.json(answer) : summary ?? Output.json(answer))
            return
        }
        guard let id = answer["id"]?.string else { throw TransferError(.damaged, "the answer has no id") }
        guard wait else {
            Terminal.say(options.output == .json ? Output.json(answer) : id)
            return
        }
        if options.output == .text { Terminal.say(id) }
        try Wait.follow(id, server: server, output: options.output)
    }

    private func read() throws -> [UInt8] {
        do {
            return try file == "-" ? Output.standardInput() : [UInt8](Data(contentsOf: URL(filePath: file)))
        } catch {
            throw TransferError(.file, "\(file): can't be read")
        }
    }
}
