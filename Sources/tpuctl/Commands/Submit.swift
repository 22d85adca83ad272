import API
import ArgumentParser
import Formats
import FoundationEssentials
import Transfer

/// `tpuctl submit FILE|- [--model MODEL] [--set FIELD=VALUE]…`
struct Submit: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Submit a job.")

    @Argument(help: "The job's spec as JSON or YAML; - reads standard input.")
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
        if model == nil, changes.isEmpty, !isYAML(text) { return text }
        do {
            var spec = try json(text)
            guard spec.object != nil else {
                throw TransferError(.file, "\(file): is not a job: expected an object, found \(spec.inWords)")
            }
            if let model { spec[JobRequest.modelField] = try ModelFile.json(model) }
            return try changes.applied(to: spec).serialized()
        } catch let error as JSONError {
            throw TransferError(.file, "\(file): \(error)")
        } catch let error as YAMLReader.Fault {
            throw TransferError(.file, "\(file): \(error)")
        }
    }

    private func json(_ text: [UInt8]) throws -> JSON {
        if isYAML(text) { return try YAMLReader.json(String(decoding: text, as: UTF8.self)) }
        return try JSON(parsing: text, limits: JSONLimits(depth: JobRequest.Limits.nesting))
    }

    /// Whether it is YAML: by the file's name, and without one by its first character, as a specification in JSON is an
    /// object.
    private func isYAML(_ text: [UInt8]) -> Bool {
        if [".yaml", ".yml"].contains(where: file.hasSuffix) { return true }
        if file.hasSuffix(".json") { return false }
        return text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }.map { $0 != UInt8(ascii: "{") } ?? false
    }
}
