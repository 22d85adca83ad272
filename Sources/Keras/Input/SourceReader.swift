import Datasets
import Formats
import OrderedCollections

/// Reads an input's `source`: an object with one member that names its kind.
enum SourceReader {
    /// A source and its document with defaults filled in.
    struct Source {
        /// Nil where a part of it is at fault.
        let definition: SourceDefinition?
        /// What could be read where a part is at fault.
        let partial: PartialSource
        let canonical: JSON
    }

    /// What a kind's reader gives: the source, or else as much of it as could be read.
    private typealias Kind = (definition: SourceDefinition?, partial: PartialSource)

    private static let kinds: [String: @Sendable (ObjectReader, CSVColumns.LabelType?) -> Kind] = [
        "idx": { reader, _ in idx(reader) }, "csv": csv, "safetensors": { reader, _ in safetensors(reader) },
        "text": { reader, _ in text(reader) }, "synthetic": { reader, _ in (synthetic(reader), .nothing) },
    ]
    /// The names of the kinds, for messages.
    private static let list = kinds.keys.sorted().joined(separator: ", ")
    private static let laterKinds = ["tfrecord", "npy"]
    /// A source as it may be written.
    static let example: JSON = ["csv": ["path": "iris/iris.csv", "label": "label"]]

    /// The source; nil where it has no kind that can be read. Each fault is told.
    ///
    /// - Parameter labelType: what a label column holds where its type is not said.
    static func read(_ reader: ObjectReader, labelType: CSVColumns.LabelType?) -> Source? {
        reader.faults.note(reader.pointer, .names(kinds.keys.sorted()))
        let given = reader.members.keys.filter { reader.has($0) }
        let known = given.filter { kinds[$0] != nil || laterKinds.contains($0) }
        for name in given where !known.contains(name) {
            reader.faults.addUnknown(
                name, "a source", among: Array(kinds.keys), later: laterKinds, at: reader.pointer(to: name))
        }
        for kind in known where kinds[kind] == nil {
            reader.fault(
                kind, "\(kind) sources are not supported yet; this version has \(list)", code: SpecError.notSupported)
        }
        guard known.count <= 1 else {
            reader.fault("must have one kind of data, not \(known.count): \(known.joined(separator: ", "))")
            return nil
        }
        guard let kind = known.first else {
            if given.isEmpty { reader.fault("must name a kind of data: \(list); for example \(example.text)") }
            return nil
        }
        guard let read = kinds[kind], let object = reader.object(kind, required: true) else { return nil }
        let before = reader.faults.count
        let (definition, partial) = read(object, labelType)
        object.finish()
        let isRight = reader.faults.count == before && given.count == 1
        return Source(
            definition: isRight ? definition : nil, partial: partial,
            canonical: [kind: definition.map { canonical($0, reader.members[kind] ?? [:]) } ?? .null])
    }

    /// The document with what was not said filled in.
    private static func canonical(_ definition: SourceDefinition, _ given: JSON) -> JSON {
        if case .text(let text) = definition {
            return [
                "path": JSON(text.path), "sequence_length": JSON(text.sequenceLength),
                "sequence_stride": JSON(text.sequenceStride),
            ]
        }
        guard case .csv(let csv) = definition else { return given }
        var types: JSON = given["dtypes"].flatMap { $0.isNull ? nil : $0 } ?? [:]
        if let label = csv.label, let type = csv.labelType { types[label] = JSON("\(type)") }
        return [
            "path": JSON(csv.path), "label": .optional(csv.label) { JSON($0) },
            "features": .optional(csv.features) { JSON($0) }, "dtypes": types,
            "sample_weight": .optional(csv.weight) { JSON($0) },
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

    private static func idx(_ reader: ObjectReader) -> Kind {
        let features = path(reader, "features")
        let labels = path(reader, "labels", required: false)
        return (features.map { .idx(features: $0, labels: labels) }, .idx(features: features, labels: labels))
    }

    private static func csv(_ reader: ObjectReader, _ labelType: CSVColumns.LabelType?) -> Kind {
        let path = path(reader, "path")
        let label = reader.string("label")
        reader.note("features", .value((1...100_000).schema(ofItems: ["type": "string"])))
        // Those that are strings are looked for even where others are not.
        let features = reader.list("features", count: 1...100_000)?.map {
            reader.element($0.value, at: $0.pointer) ?? ""
        }
        let weight = reader.string("sample_weight")
        reader.note(
            "dtypes", .value(["type": "object", "additionalProperties": ["enum": ["float32", "int64"]]]))
        let types = reader.object("dtypes", example: ["label": "float32"]).map { dtypes($0, label: label) } ?? [:]
        guard let path else { return (nil, .nothing) }
        let definition = CSVDefinition(
            path: path, label: label, features: features, labelType: label.flatMap { types[$0] ?? nil } ?? labelType,
            typedColumns: Array(types.keys), weight: weight)
        return (.csv(definition), .csv(definition))
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

    private static func safetensors(_ reader: ObjectReader) -> Kind {
        let path = path(reader, "path")
        let features = tensors(reader, "features", required: true, count: 1...100)
        let labels = tensors(reader, "labels", required: false, count: 0...100) ?? []
        let weights = tensors(reader, "sample_weight", required: false, count: 0...100) ?? []
        guard let path else { return (nil, .nothing) }
        return (
            features.map { .safetensors(path: path, features: $0, labels: labels, weights: weights) },
            .safetensors(path: path, features: features ?? [], labels: labels, weights: weights)
        )
    }

    /// The name of a tensor, or a list of names; nil when not given or wrong.
    private static func tensors(
        _ reader: ObjectReader, _ name: String, required: Bool, count: ClosedRange<Int>
    ) -> [String]? {
        switch reader.value(name) {
        case .object:
            reader.fault(
                name,
                "by the names of inputs and outputs are not supported yet; list tensors in the order of the model's",
                code: SpecError.notSupported)
            return nil
        case .array: return reader.strings(name, required: required, count: count)
        default: return reader.string(name, required: required).map { [$0] }
        }
    }

    private static func text(_ reader: ObjectReader) -> Kind {
        let path = path(reader, "path")
        let length = reader.int("sequence_length", required: true, in: 1...SpecLimit.extent)
        let stride = reader.int("sequence_stride", in: 1...SpecLimit.extent)
        guard let path else { return (nil, .nothing) }
        return (
            length.map { .text(TextDefinition(path: path, sequenceLength: $0, sequenceStride: stride)) },
            .text(path: path)
        )
    }

    private static func synthetic(_ reader: ObjectReader) -> SourceDefinition? {
        let features = reader.object("features", required: true, example: ["shape": [784]])
        let shape = features.flatMap { array($0) }
        features?.finish()
        let labels = reader.object("labels", example: ["classes": 10]).map { syntheticLabels($0) } ?? .none
        let examples = reader.int("examples", required: true, in: 1...Int(UInt32.max) - 1)
        let seed = reader.int("seed", default: 0, in: 0 ... .max)
        guard let shape, let examples else { return nil }
        return .synthetic(
            SyntheticDefinition(
                type: shape.type, shape: shape.shape, labels: labels, examples: examples, seed: UInt64(seed)))
    }

    private static func syntheticLabels(_ reader: ObjectReader) -> SyntheticDefinition.Labels {
        defer { reader.finish() }
        guard reader.has("classes") else {
            if !reader.has("shape") {
                reader.accept("shape", "dtype")
                reader.fault("must have classes, or a shape: {\"classes\": 10} for example")
                return .none
            }
            return array(reader).map { .array(type: $0.type, shape: $0.shape) } ?? .none
        }
        for name in ["shape", "dtype"] where reader.has(name) {
            reader.fault(name, "has no meaning beside classes, which are whole numbers; leave one of them out")
        }
        return reader.int("classes", in: 1...1_000_000).map { .classes($0) } ?? .none
    }

    /// `{"shape": [784], "dtype": "float32"}`; the type is float32 by default.
    private static func array(_ reader: ObjectReader) -> (type: ElementType, shape: [Int])? {
        let shape = reader.ints("shape", required: true, in: 1...SpecLimit.extent, count: 0...32)
        let type = reader.choice("dtype", default: ElementType.float32)
        return shape.map { (type, $0) }
    }
}
