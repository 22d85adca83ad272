import Formats
import OrderedCollections

/// Reads a job's `model`: Keras' JSON for a Sequential model, or the short list of layers.
struct ModelReader {
    private let faults: SpecErrors
    private var version = KerasVersion.keras3
    private var layers: [any Layer] = []
    private var names: OrderedSet<String> = []
    private var counts: [String: Int] = [:]
    private var inputShape: [Int]?
    private var inputPointer: JSONPointer
    private var isTrainable = true

    private init(at pointer: JSONPointer, faults: SpecErrors) {
        self.faults = faults
        inputPointer = pointer
    }

    /// The model at the pointer; nil where faults were found.
    static func read(_ value: JSON, at pointer: JSONPointer, faults: SpecErrors) -> SequentialModel? {
        var reader = ModelReader(at: pointer, faults: faults)
        let before = faults.count
        let name: String
        switch value {
        case .array(let list):
            name = "sequential"
            reader.readLayers(list, at: pointer)
        case .object(let members) where members["class_name"] != nil:
            name = reader.readSequential(value, at: pointer)
        case .string:
            faults.add(pointer, "must be the model's JSON itself (an object), not a string that holds it")
            return nil
        default:
            faults.add(
                pointer,
                "must be what Keras' to_json() prints, or a list of layers like [{\"Dense\": {\"units\": 10}}], not "
                    + value.inWords)
            return nil
        }
        guard faults.count == before else { return nil }
        guard !reader.layers.isEmpty else {
            faults.add(pointer, "has no layer that computes anything")
            return nil
        }
        return SequentialModel(
            name: name, pointer: pointer, version: reader.version, isTrainable: reader.isTrainable,
            layers: reader.layers, inputShape: reader.inputShape, inputPointer: reader.inputPointer)
    }

    private mutating func readSequential(_ value: JSON, at pointer: JSONPointer) -> String {
        let read = KerasObject(value, at: pointer, what: "a model", takesList: true, faults: faults)
        guard let object = read else { return "" }
        if object.className != "Sequential" {
            let known = ["Functional", "Model"].contains(object.className)
            faults.add(
                object.namePointer,
                known
                    ? "\(object.className) models are not supported yet; this version has Sequential"
                    : "\(object.className) is not a kind of model; Keras prints Sequential or Functional",
                code: known ? SpecError.notSupported : nil)
            return ""
        }
        // Keras 2 names its version; Keras 3 puts a module beside the class.
        version = value["keras_version"]?.string?.hasPrefix("2.") == true || value["module"] == nil ? .keras2 : .keras3
        // Before Keras 2.2.3 the configuration was the list of layers.
        if let list = object.config.array {
            version = .keras2
            readLayers(list, at: object.configPointer)
            return "sequential"
        }
        let config = object.reader(faults)
        config.accept("build_input_shape")
        config.float32Only()
        isTrainable = config.bool("trainable", default: true)
        let name = config.string("name", default: "sequential", maxLength: 200)
        let list = config.list("layers", required: true)
        config.finish()
        readLayers(list?.map(\.value) ?? [], at: config.pointer(to: "layers"))
        return name
    }

    private mutating func readLayers(_ list: [JSON], at pointer: JSONPointer) {
        guard list.count <= SpecLimit.layers else {
            faults.add(pointer, "must have at most \(SpecLimit.layers) layers, not \(list.count)")
            return
        }
        for (place, value) in list.enumerated() {
            guard let object = KerasObject(value, at: pointer.appending(place), what: "a layer", faults: faults)
            else { continue }
            readLayer(object, isFirst: layers.isEmpty)
        }
    }

    private mutating func readLayer(_ object: KerasObject, isFirst: Bool) {
        let reader = object.reader(faults)
        reader.float32Only()
        if LayerTable.inputs.contains(object.className) {
            readInput(reader, isFirst: isFirst)
            return
        }
        guard let read = LayerTable.rows[object.className] else {
            object.refuse(
                "layer", supported: LayerTable.names, laterOnes: KerasNames.laterLayers, faults: faults)
            return
        }
        readShape(reader, isFirst: isFirst)
        let common = LayerCommon(
            name: name(reader, object), className: object.className, pointer: object.pointer, version: version,
            isTrainable: reader.bool("trainable", default: true), depth: 0)
        if let layer = read(common, reader) { layers.append(layer) }
        reader.finish()
    }

    private mutating func readInput(_ reader: ObjectReader, isFirst: Bool) {
        if !isFirst { reader.fault("an input must come before all other layers") }
        reader.accept("name", "optional", "batch_size")
        reader.notSupported("sparse", unless: false)
        reader.notSupported("ragged", unless: false)
        readShape(reader, isFirst: isFirst)
        reader.finish()
    }

    /// Reads `batch_shape` (Keras 3), `batch_input_shape` (Keras 2) or `input_shape`, `shape` (the short form).
    private mutating func readShape(_ reader: ObjectReader, isFirst: Bool) {
        if let width = reader.int("input_dim", in: 1...SpecLimit.extent) {
            take([width], isFirst: isFirst, "input_dim", reader)
        }
        for (key, hasBatch) in [
            ("batch_shape", true), ("batch_input_shape", true), ("input_shape", false), ("shape", false),
        ] {
            guard let list = reader.list(key) else { continue }
            let dimensions = hasBatch ? Array(list.dropFirst()) : list
            if hasBatch, let batch = list.first, !batch.value.isNull {
                faults.add(batch.pointer, "must be null: the batch size is the job's", code: SpecError.notSupported)
            }
            let shape = dimensions.compactMap { reader.element($0.value, at: $0.pointer, in: 1...SpecLimit.extent) }
            if shape.count == dimensions.count { take(shape, isFirst: isFirst, key, reader) }
        }
    }

    /// Takes the shape of the model's input that the member says.
    private mutating func take(_ shape: [Int], isFirst: Bool, _ key: String, _ reader: ObjectReader) {
        // A layer behind the first has its shape from the one before it, whatever Keras wrote there.
        guard isFirst else { return }
        if shape.saturatedProduct > SpecLimit.elements {
            reader.fault(key, "makes rows of more than \(SpecLimit.elements) numbers")
        } else if let known = inputShape, known != shape {
            reader.fault(key, "is \(shape), but the input before it is \(known)")
        } else if inputShape == nil {
            inputShape = shape
            inputPointer = reader.pointer(to: key)
        }
    }

    private mutating func name(_ reader: ObjectReader, _ object: KerasObject) -> String {
        if let name = reader.string("name", maxLength: 200) {
            if name.isEmpty { reader.fault("name", "must not be empty") }
            if !names.append(name).inserted {
                reader.fault("name", "\"\(name)\" is another layer's name, too; give one of them another name")
            }
            return name
        }
        let base = KerasNames.snakeCase(object.className)
        while true {
            let count = counts[base, default: 0]
            counts[base] = count + 1
            let name = count == 0 ? base : "\(base)_\(count)"
            if names.append(name).inserted { return name }
        }
    }
}
