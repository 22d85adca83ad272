import Formats
import KerasFiles
import OrderedCollections

/// Reads a job's `model`: Keras' JSON for a Sequential or Functional model, or the short list of layers.
enum ModelReader {
    /// The model at the pointer; nil where faults were found.
    ///
    /// - Parameter policy: what all layers compute in; nil: each says itself.
    static func read(
        _ value: JSON, at pointer: JSONPointer, policy: DTypePolicy? = nil, faults: SpecErrors
    ) -> KerasModel? {
        switch value {
        case .array(let list):
            let common = LayerHeader(
                name: "sequential", className: "Sequential", pointer: pointer, version: .keras3,
                jobPolicy: policy)
            return sequential(common, list, at: pointer, faults)
        case .object(let members) where members["class_name"] != nil:
            return serialized(value, at: pointer, policy, faults)
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
    }

    private static func serialized(
        _ value: JSON, at pointer: JSONPointer, _ jobPolicy: DTypePolicy?, _ faults: SpecErrors
    ) -> KerasModel? {
        let isStack = value["class_name"]?.string == "Sequential"
        let read = KerasObject(value, at: pointer, what: "a model", takesList: isStack, faults: faults)
        guard let object = read else { return nil }
        guard classes.contains(object.className) else {
            faults.add(
                object.namePointer,
                "\(object.className.quotedForMessage) is not a kind of model; Keras prints Sequential or Functional")
            return nil
        }
        // Keras 2 names its version; Keras 3 puts a module beside the class.
        let isOld = !SavedLayer.isKeras3(value)
        // Before Keras 2.2.3 the configuration of a Sequential model was the list of layers.
        if let list = object.config.array {
            let common = LayerHeader(
                name: "sequential", className: object.className, pointer: pointer, version: .keras2,
                jobPolicy: jobPolicy)
            return sequential(common, list, at: object.configPointer, faults)
        }
        let config = object.reader(faults)
        let policy = config.policy()
        let name = config.string("name", maxLength: 200) ?? ClassName.snakeCase(object.className)
        let common = LayerHeader(
            name: name, className: object.className, pointer: pointer, version: isOld ? .keras2 : .keras3,
            isTrainable: config.bool("trainable", default: true), policy: policy, jobPolicy: jobPolicy)
        let model = self.read(common, config)
        config.finish()
        return model
    }

    /// The classes of models.
    static let classes: Set<String> = ["Sequential", "Functional", "Model"]

    /// The model of this configuration, whose `name`, `dtype` and `trainable` have been read; nil where it is at fault.
    static func read(_ common: LayerHeader, _ config: ObjectReader) -> KerasModel? {
        config.accept("build_input_shape")
        if common.className != "Sequential" { return FunctionalReader.read(common, config) }
        let list = config.list("layers", required: true)?.map(\.value)
        return list.flatMap { sequential(common, $0, at: config.pointer(to: "layers"), config.faults) }
    }

    /// Whether the list may be read: a model has so many layers at most.
    static func isShort(_ list: [JSON], at pointer: JSONPointer, _ faults: SpecErrors) -> Bool {
        if list.count <= SpecLimit.layers { return true }
        faults.add(pointer, "must have at most \(SpecLimit.layers) layers, not \(list.count)")
        return false
    }

    private static func sequential(
        _ common: LayerHeader, _ list: [JSON], at pointer: JSONPointer, _ faults: SpecErrors
    ) -> KerasModel? {
        let before = faults.count
        guard isShort(list, at: pointer, faults) else { return nil }
        var reader = LayerReader(in: common, faults: faults)
        var layers: [any Layer] = []
        var input: ModelInput?
        var isFirst = true
        for (place, value) in list.enumerated() {
            let object = KerasObject(value, at: pointer.appending(place), what: "a layer", faults: faults)
            guard let object, let entry = reader.read(object) else {
                // The layer behind one that is at fault is not the first.
                isFirst = false
                continue
            }
            switch entry {
            case .input(let found):
                if place > 0 { faults.add(object.configPointer, "an input must come before all other layers") }
                input = found
            case .layer(let layer, let found):
                // A layer behind the first has its shape from the one before it, whatever Keras wrote there.
                if isFirst { input = first(input, found ?? (layer as? NestedModel)?.onlyInput, faults) }
                isFirst = false
                layers.append(layer)
            }
        }
        guard faults.count == before else { return nil }
        guard !layers.isEmpty else {
            faults.add(common.pointer, "has no layer that computes anything")
            return nil
        }
        let unknown = ModelInput(name: common.name, pointer: common.pointer, shape: nil, dtype: nil)
        return KerasModel(common, input: input ?? unknown, stack: layers)
    }

    /// The input of a stack by its input layer and by what its first layer says.
    private static func first(_ input: ModelInput?, _ said: ModelInput?, _ faults: SpecErrors) -> ModelInput? {
        guard let input else { return said }
        guard let said, let shape = said.shape else { return input }
        guard let known = input.shape else {
            return ModelInput(name: input.name, pointer: said.pointer, shape: shape, dtype: input.dtype)
        }
        let agree = zip(known, shape).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
        if known.count != shape.count || !agree {
            faults.add(said.pointer, "is \(said.shapeInWords), but the input before it is \(input.shapeInWords)")
        }
        return input
    }
}

extension NestedModel {
    /// The model's input where it has one.
    fileprivate var onlyInput: ModelInput? { model.inputs.count == 1 ? model.inputs.first : nil }
}
