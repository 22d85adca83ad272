import Formats
import KerasFiles
import OrderedCollections

/// A file of variables, whichever way it names them.
protocol StartingFile: Sendable {
    /// What it holds of a model's variables.
    func find(_ plan: ModelPlan) -> FoundVariables
    /// The numbers of one of them.
    func read(_ stored: StoredVariable) throws(FormatError) -> NDArray?
    /// The names of what it holds, as a sentence goes on with them.
    var namesInWords: String { get }
    /// What may help with missing names; empty, or a part of the sentence with its semicolon in front.
    func hint(missing names: [String]) -> String
}

extension StartingFile {
    func hint(missing names: [String]) -> String { "" }
}

/// A variable in a file.
struct StoredVariable: Sendable {
    /// What the file calls it.
    let name: String
    /// The numbers' type in words.
    let type: String
    /// Whether the numbers are read as what they are.
    let isFloat32: Bool
    let shape: [Int]
}

/// What a file holds of a model's variables.
struct FoundVariables {
    /// By the model's names; those that are not there are missing.
    var variables: [String: StoredVariable] = [:]
    /// What is wrong with whole layers: sentences that follow the file's name.
    var differences: [String] = []
}

/// A safetensors file, whose tensors have the variables' names.
struct NamedTensors: StartingFile {
    private let file: SafetensorsFile

    init(_ file: SafetensorsFile) { self.file = file }

    func find(_ plan: ModelPlan) -> FoundVariables {
        var found = FoundVariables()
        for name in plan.variables.map(\.name) {
            guard let entry = file.header.entry(named: name) else { continue }
            found.variables[name] = StoredVariable(
                name: name, type: "\(entry.type)", isFloat32: entry.type == .float32, shape: entry.shape)
        }
        return found
    }

    func read(_ stored: StoredVariable) throws(FormatError) -> NDArray? { try file.tensor(stored.name) }

    /// All tensors by their names.
    func all() throws(FormatError) -> OrderedDictionary<String, NDArray> { try file.all().tensors }

    var namesInWords: String { file.header.namesInWords }

    func hint(missing names: [String]) -> String {
        // TensorFlow names tensors by the operation and its output, ":0".
        names.contains { file.header.entry(named: $0 + ":0") != nil }
            ? "; take the \":0\" off the names in the file" : ""
    }
}

extension WeightsFile {
    /// A variable of the file at this path; nil where there is none.
    func stored(_ path: String) -> StoredVariable? {
        guard let entry = entries[path] else { return nil }
        // Counts of rows are whole numbers in Keras.
        let isRead = entry.type == .float32 || entry.type?.isInteger == true && entry.shape.isEmpty
        return StoredVariable(
            name: path, type: entry.type.map { "\($0)" } ?? "numbers of another type", isFloat32: isRead,
            shape: entry.shape)
    }

    /// The first twenty paths.
    var namesInWords: String {
        entries.isEmpty ? "no array" : entries.keys.quotedForMessage()
    }
}
