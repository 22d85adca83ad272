import Datasets
import Formats
import OrderedCollections

/// Reads an input's `source`: an object with one member that names its kind.
enum SourceReader {
    /// A source and its document with defaults filled in.
    struct Source {
        let definition: SourceDefinition
        let canonical: JSON
    }

    private static let kinds: [String: @Sendable (ObjectReader, CSVColumns.LabelType?) -> SourceDefinition?] = [
        "idx": { reader, _ in idx(reader) }, "csv": csv, "safetensors": { reader, _ in safetensors(reader) },
        "synthetic": { reader, _ in synthetic(reader) },
    ]
    private static let laterKinds = ["tfrecord", "npy", "text"]

    /// The source; nil where faults were found.
    ///
    /// - Parameter labelType: what a label column holds where its type is not said.
    static func read(_ reader: ObjectReader, labelType: CSVColumns.LabelType?) -> Source? {
        let list = kinds.keys.sorted().joined(separator: ", ")
        for name in reader.members.keys where kinds[name] == nil && !laterKinds.contains(name) {
            reader.faults.addUnknown(
                name, "a source", among: Array(kinds.keys), hints: laterKinds, at: reader.pointer(to: name))
        }
        guard let kind = reader.members.keys.first(where: { kinds[$0] != nil || laterKinds.contains($0) }) else {
            if reader.members.isEmpty { reader.fault("must name a kind: \(list)") }
            return nil
        }
        guard reader.members.count == 1 else {
            reader.fault("must have one member, not \(reader.members.count)")
            return nil
        }
        guard let read = kinds[kind] else {
            reader.fault(
                kind, "\(kind) sources are not supported yet; this version has \(list)", code: SpecError.notSupported)
            return nil
        }
        guard let object = reader.object(kind, required: true) else { return nil }
        let definition = read(object, labelType)
        object.finish()
        return definition.map { Source(definition: $0, canonical: [kind: canonical($0, reader.members[kind] ?? [:])]) }
    }

    /// The document with what was not said filled in.
    private static func canonical(_ definition: SourceDefinition, _ given: JSON) -> JSON {
        guard case .csv(let csv) = definition else { return given }
        var types: JSON = given["dtypes"].flatMap { $0.isNull ? nil : $0 } ?? [:]
        if let label = csv.label, let type = csv.labelType { types[label] = JSON("\(type)") }
        return [
            "path": JSON(csv.path), "label": .optional(csv.label) { JSON($0) },
            "features": .optional(csv.features) { JSON($0) }, "dtypes": types,
        ]
    }

    private static func path(_ reader: ObjectReader, _ name: String, required: Bool = true) -> String? {
        guard let path = reader.string(name, required: required, maxLength: 4095) else { return nil }
        if path.hasPrefix("https://") || path.hasPrefix("http://") {
            reader.fault(name, "files of other machines are not supported yet", code: SpecError.notSupported)
            return nil
        }
        return path
    }

    private static func idx(_ reader: ObjectReader) -> SourceDefinition? {
        let labels = path(reader, "labels", required: false)
        return path(reader, "features").map { .idx(features: $0, labels: labels) }
    }

    private static func csv(_ reader: ObjectReader, _ labelType: CSVColumns.LabelType?) -> SourceDefinition? {
        let label = reader.string("label")
        let features = reader.strings("features", count: 1...100_000)
        let types = reader.object("dtypes").map { dtypes($0, label: label) } ?? [:]
        return path(reader, "path").map {
            .csv(
                CSVDefinition(
                    path: $0, label: label, features: features,
                    labelType: label.flatMap { types[$0] ?? nil } ?? labelType, typedColumns: Array(types.keys)))
        }
    }

    /// `{"label": "float32"}`: the types of columns by name. Features are float32; a label is int64 or float32.
    private static func dtypes(
        _ reader: ObjectReader, label: String?
    ) -> OrderedDictionary<String, CSVColumns.LabelType> {
        var types: OrderedDictionary<String, CSVColumns.LabelType> = [:]
        for name in reader.members.keys {
            guard let text = reader.string(name) else { continue }
            switch text {
            case "float32": types[name] = .float32
            case "int64" where name == label: types[name] = .int64
            default:
                let taken = name == label ? "a label's column is int64 or float32" : "a feature's column is float32"
                if ElementType(rawValue: text) == nil {
                    reader.fault(name, "\(text.quotedForMessage) is not a type; \(taken)")
                } else {
                    reader.fault(name, "\(text) is not supported yet: \(taken)", code: SpecError.notSupported)
                }
            }
        }
        return types
    }

    private static func safetensors(_ reader: ObjectReader) -> SourceDefinition? {
        let path = path(reader, "path")
        let features: [String]?
        if reader.value("features")?.object != nil || reader.value("labels")?.object != nil {
            reader.fault("names of inputs and outputs are not supported yet", code: SpecError.notSupported)
            return nil
        }
        if let one = reader.value("features", required: true)?.string {
            features = [one]
        } else {
            features = reader.strings("features", required: true, count: 1...1)
        }
        let labels: [String]
        if reader.value("labels")?.array != nil {
            labels = reader.strings("labels", count: 0...1) ?? []
        } else {
            labels = reader.string("labels").map { [$0] } ?? []
        }
        guard let path, let features else { return nil }
        return .safetensors(path: path, features: features, labels: labels)
    }

    private static func synthetic(_ reader: ObjectReader) -> SourceDefinition? {
        let features = reader.object("features", required: true)
        let shape = features.flatMap { array($0) }
        features?.finish()
        var labels = SyntheticDefinition.Labels.none
        if let object = reader.object("labels") {
            if let classes = object.int("classes", in: 1...1_000_000) {
                labels = .classes(classes)
            } else if object.members["classes"] == nil, let array = array(object) {
                labels = .array(type: array.type, shape: array.shape)
            }
            object.accept("shape", "dtype")
            object.finish()
        }
        let examples = reader.int("examples", required: true, in: 1...Int(UInt32.max) - 1)
        let seed = reader.int("seed", default: 0, in: 0 ... .max)
        guard let shape, let examples else { return nil }
        return .synthetic(
            SyntheticDefinition(
                type: shape.type, shape: shape.shape, labels: labels, examples: examples, seed: UInt64(seed)))
    }

    /// `{"shape": [784], "dtype": "float32"}`; the type is float32 by default.
    private static func array(_ reader: ObjectReader) -> (type: ElementType, shape: [Int])? {
        let shape = reader.ints("shape", required: true, in: 1...SpecLimit.extent, count: 0...32)
        let type = reader.choice("dtype", default: ElementType.float32)
        return shape.map { (type, $0) }
    }
}
