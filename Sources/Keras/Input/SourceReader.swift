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

    private static let kinds: [String: @Sendable (ObjectReader) -> SourceDefinition?] = [
        "idx": idx, "csv": csv, "safetensors": safetensors, "synthetic": synthetic,
    ]
    private static let laterKinds = ["tfrecord", "npy", "text"]

    /// The source; nil where faults were found.
    static func read(_ reader: ObjectReader) -> Source? {
        reader.accept(Array(kinds.keys) + laterKinds)
        reader.finish()
        guard let kind = reader.members.keys.first(where: { kinds[$0] != nil || laterKinds.contains($0) }) else {
            if reader.members.isEmpty {
                reader.fault("must name a kind: \(kinds.keys.sorted().joined(separator: ", "))")
            }
            return nil
        }
        guard reader.members.count == 1 else {
            reader.fault("must have one member, not \(reader.members.count)")
            return nil
        }
        guard let read = kinds[kind] else {
            let list = kinds.keys.sorted().joined(separator: ", ")
            reader.fault(
                kind, "\(kind) sources are not supported yet; this version has \(list)", code: SpecFault.notSupported)
            return nil
        }
        guard let object = reader.object(kind, required: true) else { return nil }
        let definition = read(object)
        object.finish()
        return definition.map { Source(definition: $0, canonical: [kind: reader.members[kind] ?? [:]]) }
    }

    private static func path(_ reader: ObjectReader, _ name: String, required: Bool = true) -> String? {
        guard let path = reader.string(name, required: required, maxLength: 4095) else { return nil }
        if path.hasPrefix("https://") || path.hasPrefix("http://") {
            reader.fault(name, "files of other machines are not supported yet", code: SpecFault.notSupported)
            return nil
        }
        return path
    }

    private static func idx(_ reader: ObjectReader) -> SourceDefinition? {
        let labels = path(reader, "labels", required: false)
        return path(reader, "features").map { .idx(features: $0, labels: labels) }
    }

    private static func csv(_ reader: ObjectReader) -> SourceDefinition? {
        let label = reader.string("label")
        let features = reader.strings("features", count: 1 ... .max)
        return path(reader, "path").map { .csv(CSVDefinition(path: $0, label: label, features: features)) }
    }

    private static func safetensors(_ reader: ObjectReader) -> SourceDefinition? {
        let path = path(reader, "path")
        let features: [String]?
        if reader.value("features")?.object != nil || reader.value("labels")?.object != nil {
            reader.fault("names of inputs and outputs are not supported yet", code: SpecFault.notSupported)
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
        let examples = reader.int("examples", required: true, in: 1...Int(UInt32.max))
        let seed = reader.int("seed", default: 0, in: 0 ... .max)
        guard let shape, let examples else { return nil }
        return .synthetic(
            SyntheticDefinition(
                type: shape.type, shape: shape.shape, labels: labels, examples: examples, seed: UInt64(seed)))
    }

    /// `{"shape": [784], "dtype": "float32"}`; the type is float32 by default.
    private static func array(_ reader: ObjectReader) -> (type: ElementType, shape: [Int])? {
        let shape = reader.ints("shape", required: true, in: 1...Int(Int32.max), count: 0...32)
        let type = reader.choice("dtype", default: ElementType.float32)
        return shape.map { (type, $0) }
    }
}
