import API
import ArgumentParser
import Formats
import FoundationEssentials
import Jobs
import Transfer

/// `tpuctl submit FILE|- [--model MODEL]`
struct Submit: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Submit a job.")

    @Argument(help: "The job's spec as JSON; - reads standard input.")
    var file: String
    @Option(
        name: .long,
        help: """
            A .keras file, or the JSON of a model: it becomes the spec's model. Weights are not sent; warm_start_from names a \
            file that the server has.
            """)
    var model: String?
    @Flag(name: .long, help: "Wait until the job has ended, and show its progress.")
    var wait = false
    @Flag(name: .long, help: "Check and plan the job without storing it.")
    var dryRun = false
    @Option(name: .long, help: "An Idempotency-Key: submitting again with the same one gives the same job.")
    var idempotencyKey: String?
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let spec = try read()
        if dryRun {
            let answer = try server.post("/v1/jobs?dry_run=true", DryRunView.self, content: spec)
            return options.show(answer) { $0.summary ?? Output.json($0.plan) }
        }
        let answer = try submit(spec, to: server)
        guard wait else { return options.show(answer) { $0.id.description } }
        if options.output == .text { Terminal.say(answer.view.id.description) }
        try Wait.follow(answer.view.id, server: server, options: options)
    }

    /// A key of our own makes it safe to send again when the answer got lost.
    private func submit(_ spec: [UInt8], to server: DaemonClient) throws -> Answer<JobView> {
        let key = idempotencyKey ?? UUID().uuidString
        do {
            return try server.post("/v1/jobs", content: spec, key: key)
        } catch let error as TransferError where error.code == .unreachable {
            return try server.post("/v1/jobs", content: spec, key: key)
        }
    }

    private func read() throws -> [UInt8] {
        let text: [UInt8]
        do {
            text = try file == "-" ? Output.standardInput() : [UInt8](Data(contentsOf: URL(filePath: file)))
        } catch {
            throw TransferError(.file, "\(file): can't be read")
        }
        guard let model else { return text }
        do {
            var spec = try JSON(parsing: text, limits: JSONLimits(depth: JobRequest.Limits.nesting))
            guard spec.object != nil else {
                throw TransferError(.file, "\(file): is not a job: expected an object, found \(spec.inWords)")
            }
            spec[JobRequest.modelField] = try ModelFile.json(model)
            return spec.serialized()
        } catch let error as JSONError {
            throw TransferError(.file, "\(file): \(error)")
        }
    }
}
