import API
import ArgumentParser
import Formats
import FoundationEssentials
import Jobs
import KerasFiles
import OrderedCollections
import Transfer

/// `tpuctl export JOB -o FILE`
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a job's model with the weights of a checkpoint as a .keras or .onnx file.",
        discussion: """
            keras.models.load_model opens the one, for which the job's model must be JSON of Keras 3; onnxruntime the other, \
            for batches of any size. tpuctl download fetches the weights of any job as safetensors.
            """)

    @OptionGroup var target: JobArgument
    @Option(name: .long, help: "The checkpoint's step. [the newest good one]")
    var step: Int?
    @Option(name: .customShort("o"), help: "The file to write; its name ends in .keras or .onnx.")
    var destination: String
    @OptionGroup var options: ServerOptions

    func validate() throws {
        // Keras goes by the name.
        guard destination.hasSuffix(".keras") || destination.hasSuffix(".onnx") else {
            throw ValidationError("-o must name a .keras or a .onnx file, not \(destination)")
        }
    }

    func run() throws {
        let server = try options.server()
        let id = try target.job.id(on: server)
        if destination.hasSuffix(".onnx") {
            let checkpoint = try target.checkpoint(step, of: id, on: server)
            try server.download(checkpoint.path(of: CheckpointView.onnx, job: id), to: destination, sha256: nil)
            return Terminal.say(destination)
        }
        let model = try server.get("/v1/jobs/\(id)", JobView.self).view.spec?[JobRequest.modelField] ?? .null
        guard SavedLayer.isKeras3(model), let layers = SavedLayer(model: model) else {
            throw NotFound(
                message:
                    "the model of job \(id) is not JSON of Keras 3, which a .keras file needs; tpuctl download \(id) "
                    + "fetches its weights as safetensors")
        }
        let checkpoint = try target.checkpoint(step, of: id, on: server)
        let place = "\(destination).\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: place) }
        let file = CheckpointView.model
        try server.download(
            checkpoint.path(of: file, job: id), to: place, sha256: checkpoint.file(file).sha256)
        do throws(FormatError) {
            let weights = try Safetensors(path: place)
            let names = SavedLayer.inOrder(Array(weights.tensors.keys))
            let arrays = zip(layers.places(of: names), names).compactMap { place, name in
                weights[name].map { (place.path, $0) }
            }
            try KerasArchive.write(to: destination, model: model, arrays: arrays)
        } catch {
            throw TransferError(.file, "\(destination): \(error)")
        }
        Terminal.say(destination)
    }
}
