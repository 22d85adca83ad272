import Datasets
import Estimator
import Formats
import KerasFiles
import OrderedCollections

/// Variables that a job starts from: a file under the data roots, safetensors or Keras' own, or a checkpoint of another
/// job, with or without what its optimizer keeps.
struct WarmStart {
    /// Where variables come from.
    enum Place: Sendable, Hashable {
        /// A file under the data roots.
        case file(String)
        /// A checkpoint of another job, of which the variables alone are taken.
        case checkpoint(job: String, step: Int)
        /// A checkpoint of another job, whose training is gone on with.
        case continued(job: String, step: Int)

        /// The field of a job that names it.
        var field: String {
            switch self {
            case .file, .checkpoint: "warm_start_from"
            case .continued: "continue_from"
            }
        }

        /// Where it is named in a job.
        var pointer: JSONPointer {
            switch self {
            case .file: JSONPointer(tokens: [field, "path"])
            case .checkpoint, .continued: JSONPointer(tokens: [field, "job"])
            }
        }

        /// The member of a job.
        var canonical: JSON {
            switch self {
            case .file(let path): ["path": JSON(path)]
            case .checkpoint(let job, let step), .continued(let job, let step): ["job": JSON(job), "step": JSON(step)]
            }
        }

        /// The global step before the job's first one.
        var firstStep: Int {
            switch self {
            case .file, .checkpoint: 0
            case .continued(_, let step): step
            }
        }
    }

    /// Where it is named in the job.
    let pointer: JSONPointer
    /// What the optimizer of a training that is gone on with keeps; nil where it starts anew.
    let slots: OptimizerSlots?
    private let firstStep: Int
    private let path: String
    private let file: any StartingFile

    /// Opens the file and reads what there is in it, not the numbers.
    ///
    /// - Parameter model: the job's `model`: files of Keras hold variables by their layers' places in it.
    /// - Throws: `DatasetError` where it can't be read or is not such a file.
    init(_ place: Place, model: JSON, roots: DataRoots, jobs: JobCheckpoints) throws(DatasetError) {
        let open: OpenFile
        pointer = place.pointer
        firstStep = place.firstStep
        switch place {
        case .file(let name):
            path = name
            open = try roots.open(name, for: pointer)
        case .checkpoint(let job, let step), .continued(let job, let step):
            path = JobCheckpoints.path(of: job, step: step)
            open = try jobs.roots.open(path, for: pointer)
        }
        if case .continued(let job, let step) = place {
            slots = try OptimizerSlots(
                JobCheckpoints.path(of: job, step: step, CheckpointLayout.optimizer), jobs, for: pointer)
        } else {
            slots = nil
        }
        do {
            if WeightsFile.isOne(try open.bytes(at: 0, count: FileKind.prefixSize)) {
                let weights = try WeightsFile(open)
                if let layers = weights.orderedLayers {
                    file = OrderedWeights(weights, layers)
                } else {
                    file = PlacedWeights(weights, model)
                }
            } else {
                file = NamedTensors(try SafetensorsFile(open))
            }
        } catch {
            throw DatasetError(error, of: path, pointer)
        }
    }

    /// What the file lacks of the model's variables, and what it holds otherwise, in words; empty when it fits.
    func mismatches(_ plan: ModelPlan) -> [String] { mismatches(plan, file.find(plan)) }

    private func mismatches(_ plan: ModelPlan, _ found: FoundVariables) -> [String] {
        var missing: [String] = []
        var words = found.differences.map { "\(path) \($0)" }
        for variable in plan.variables {
            guard let stored = found.variables[variable.name] else {
                missing.append(variable.name)
                continue
            }
            if !stored.isFloat32 || stored.shape != variable.shape {
                words.append(
                    "\(path) holds \(variable.name.quotedForMessage) as \(stored.type) \(stored.shape), but the model has "
                        + "it as float32 \(variable.shape)")
            }
        }
        // Where whole layers don't fit there is nothing to be told of single variables.
        if !missing.isEmpty, found.differences.isEmpty { words.insert(missingInWords(missing), at: 0) }
        let more = words.count - WarmStart.mostFaults
        return words.prefix(WarmStart.mostFaults) + (more > 0 ? ["\(path) differs in \(more) more variables"] : [])
    }

    private func missingInWords(_ names: [String]) -> String {
        "\(path) lacks \(names.quotedForMessage(most: 10)) of the model's variables; it holds \(file.namesInWords)"
            + file.hint(missing: names)
    }

    private static let mostFaults = 20

    /// Why the file can't be taken by its variables' names alone, in words; nil where it can.
    var notByName: String? {
        file is NamedTensors
            ? nil
            : "\(path) is a file of Keras, whose variables are found by a model's layers: a program takes safetensors"
    }

    /// The values of all variables in the file.
    ///
    /// - Throws: `DatasetError` where they can't be read, or are not there by name.
    func startingPoint() throws(DatasetError) -> StartingPoint {
        guard let tensors = file as? NamedTensors else { throw DatasetError(.mismatch, pointer, notByName ?? path) }
        let slots = try slots?.values(for: pointer)
        do {
            return StartingPoint(variables: try tensors.all(), slots: slots, globalStep: firstStep)
        } catch {
            throw DatasetError(error, of: path, pointer)
        }
    }

    /// The values of the model's variables; no other tensor is read.
    ///
    /// - Throws: `DatasetError` where one is missing, has another shape or can't be read.
    func startingPoint(_ plan: ModelPlan) throws(DatasetError) -> StartingPoint {
        let found = file.find(plan)
        if let first = mismatches(plan, found).first { throw DatasetError(.mismatch, pointer, first) }
        var values: OrderedDictionary<String, NDArray> = [:]
        for name in plan.variables.map(\.name) {
            guard let stored = found.variables[name] else { continue }
            do {
                values[name] = try file.read(stored)
            } catch {
                throw DatasetError(error, of: path, pointer)
            }
        }
        return StartingPoint(variables: values, slots: try slots?.values(for: pointer), globalStep: firstStep)
    }
}
