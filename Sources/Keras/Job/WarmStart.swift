import Datasets
import Estimator
import Formats
import OrderedCollections

/// Variables that a job starts from: a safetensors file under the data roots.
struct WarmStart {
    /// Where the file's name is in a job.
    static let pointer = JSONPointer(tokens: ["warm_start_from", "path"])

    private let path: String
    private let file: SafetensorsFile

    /// Opens the file and reads its header.
    ///
    /// - Throws: `DatasetError` where it can't be read or is not a safetensors file.
    init(_ path: String, roots: DataRoots) throws(DatasetError) {
        let open = try roots.open(path, for: WarmStart.pointer)
        do {
            file = try SafetensorsFile(open)
        } catch {
            throw DatasetError(error, of: path, WarmStart.pointer)
        }
        self.path = path
    }

    /// What the file lacks of the model's variables, and what it holds otherwise, in words; empty when it fits.
    func mismatches(_ variables: [LayerVariable]) -> [String] {
        var missing: [String] = []
        var words: [String] = []
        for variable in variables {
            let (name, shape) = (variable.name, variable.shape)
            guard let entry = file.header.entry(named: name) else {
                missing.append(name)
                continue
            }
            if entry.type != .float32 || entry.shape != shape {
                words.append(
                    "\(path) holds \(name.quotedForMessage) as \(entry.type) \(entry.shape), but the model has it as "
                        + "float32 \(shape)")
            }
        }
        if !missing.isEmpty { words.insert(missingInWords(missing), at: 0) }
        let more = words.count - WarmStart.mostFaults
        return words.prefix(WarmStart.mostFaults) + (more > 0 ? ["\(path) differs in \(more) more variables"] : [])
    }

    private func missingInWords(_ names: [String]) -> String {
        let shown = names.prefix(10).map(\.quotedForMessage).joined(separator: ", ")
        let more = names.count > 10 ? " and \(names.count - 10) more" : ""
        // TensorFlow names tensors by the operation and its output, ":0".
        let hasSuffixes = names.contains { file.header.entry(named: $0 + ":0") != nil }
        let hint = hasSuffixes ? "; take the \":0\" off the names in the file" : ""
        return "\(path) lacks \(shown)\(more) of the model's variables; it holds \(file.header.namesInWords)\(hint)"
    }

    private static let mostFaults = 20

    /// The values of these variables; no other tensor is read.
    ///
    /// - Throws: `DatasetError` where one is missing, has another shape or can't be read.
    func startingPoint(_ variables: [LayerVariable]) throws(DatasetError) -> StartingPoint {
        if let first = mismatches(variables).first { throw DatasetError(.mismatch, WarmStart.pointer, first) }
        var values: OrderedDictionary<String, NDArray> = [:]
        for name in variables.map(\.name) {
            do {
                values[name] = try file.tensor(name)
            } catch {
                throw DatasetError(error, of: path, WarmStart.pointer)
            }
        }
        return StartingPoint(variables: values)
    }
}
