import Formats
import Graph
import KerasFiles

/// Reads the layers of one model: what every layer's configuration has, then what its class has.
struct LayerReader {
    /// One entry of a model's list of layers.
    enum Entry {
        case input(ModelInput)
        /// A layer, and what its configuration says of the model's input, as layers of a Sequential model may.
        case layer(any Layer, shape: ModelInput?)
    }

    /// The model or layer that they are in.
    private let outer: LayerHeader
    private let faults: SpecErrors
    private var names: Set<String> = []
    private var counts: [String: Int] = [:]

    /// A reader of what is in a model or a layer.
    init(in outer: LayerHeader, faults: SpecErrors) {
        self.outer = outer
        self.faults = faults
    }

    /// Reads one layer; nil where it is at fault.
    mutating func read(_ object: KerasObject) -> Entry? {
        let reader = object.reader(faults)
        if LayerTable.inputs.contains(object.className), !object.isOperator { return readInput(object, reader) }
        guard let read = LayerReader.row(object, faults) else { return nil }
        let policy = reader.policy()
        let shape = InputShapeReader.ofLayer(object, reader)
        let common = LayerHeader(
            name: name(reader, object), className: object.className, pointer: object.pointer,
            version: outer.version, isTrainable: reader.bool("trainable", default: true),
            policy: outer.jobPolicy ?? policy,
            jobPolicy: outer.jobPolicy, depth: outer.depth + 1)
        let layer = read(common, reader)
        reader.finish()
        return layer.map { .layer($0, shape: shape) }
    }

    /// Reads the layer that another one wraps, as the member `name` of its configuration; nil where it is at fault.
    static func inner(_ reader: ObjectReader, _ name: String, in common: LayerHeader) -> (any Layer)? {
        guard let value = reader.value(name, required: true) else { return nil }
        let place = reader.pointer(to: name)
        guard common.depth < SpecLimit.depth else {
            reader.fault(name, "is inside \(common.depth + 1) layers: at most \(SpecLimit.depth) are possible")
            return nil
        }
        guard let object = KerasObject(value, at: place, what: "a layer", faults: reader.faults) else { return nil }
        var inner = LayerReader(in: common, faults: reader.faults)
        switch inner.read(object) {
        case .layer(let layer, _): return layer
        case .input:
            reader.faults.add(object.namePointer, "must be a layer that computes something, not an input")
            return nil
        case nil: return nil
        }
    }

    /// What reads the class; a class that can't be built is a fault.
    private static func row(_ object: KerasObject, _ faults: SpecErrors) -> LayerTable.Read? {
        if object.isOperator {
            if OperatorLayer.classes.contains(object.className) { return { OperatorLayer($0, $1) } }
            object.refuse(
                "operator", supported: OperatorLayer.classes, laterOnes: KerasNames.laterLayers, faults: faults)
            return nil
        }
        if let read = LayerTable.rows[object.className] { return read }
        object.refuse("layer", supported: LayerTable.names, laterOnes: KerasNames.laterLayers, faults: faults)
        return nil
    }

    private mutating func readInput(_ object: KerasObject, _ reader: ObjectReader) -> Entry? {
        reader.accept("optional", "batch_size")
        reader.notSupported("sparse", unless: false)
        reader.notSupported("ragged", unless: false)
        let before = faults.count
        let dtype = InputShapeReader.dtype(reader)
        let shape = InputShapeReader.ofInput(reader)
        let name = name(reader, object)
        reader.finish()
        guard faults.count == before else { return nil }
        return .input(
            ModelInput(
                name: name, pointer: shape?.pointer ?? object.configPointer, shape: shape?.extents,
                dtype: dtype ?? .float32))
    }

    private mutating func name(_ reader: ObjectReader, _ object: KerasObject) -> String {
        if let name = reader.string("name", maxLength: 200) {
            if name.isEmpty { reader.fault("name", "must not be empty") }
            if !names.insert(name).inserted {
                reader.fault(
                    "name", "\(name.quotedForMessage) is another layer's name, too; give one of them another name")
            }
            return name
        }
        let base = ClassName.snakeCase(object.className)
        while true {
            let count = counts[base, default: 0]
            counts[base] = count + 1
            let name = count == 0 ? base : "\(base)_\(count)"
            if names.insert(name).inserted { return name }
        }
    }
}

extension KerasObject {
    /// Whether it is a function of tensors that Keras 3 writes as a layer: its classes may have the names of layers.
    var isOperator: Bool { ClassName.isOperator(module: module) }
}
