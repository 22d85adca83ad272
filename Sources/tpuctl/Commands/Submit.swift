import API
import ArgumentParser
import Formats
import FoundationEssentials
import Transfer

/// `tpuctl submit FILE|- [--model MODEL] [--set FIELD=VALUE]…`
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
    @OptionGroup var changes: SpecChanges
    @OptionGroup var submission: Submission
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        try submission.send(try read(), to: server, options)
    }

    private func read() throws -> [UInt8] {
        let text: [UInt8]
        do {
            text = try file == "-" ? Output.standardInput() : [UInt8](Data(contentsOf: URL(filePath: file)))
        } catch {
            throw TransferError(.file, "\(file): can't be read")
        }
        // What nothing is changed of goes as it is, and the server says what is wrong with it.
        if model == nil, changes.isEmpty { return text }
        do {
            var spec = try JSON(parsing: text, limits: JSONLimits(depth: JobRequest.Limits.nesting))
            guard spec.object != nil else {
                throw TransferError(.file, "\(file): is not a job: expected an object, found \(spec.inWords)")
            }
            if let model { spec[JobRequest.modelField] = try ModelFile.json(model) }
            return try changes.applied(to: spec).serialized()
        } catch let error as JSONError {
            throw TransferError(.file, "\(file): \(error)")
        }
    }
}
