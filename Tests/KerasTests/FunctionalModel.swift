import Formats
import OrderedCollections

/// A Functional model in the making, in the JSON of either Keras, for tests.
struct FunctionalModel {
    /// Which Keras writes it.
    enum Version {
        case keras2
        case keras3
    }

    let version: Version
    var layers: [JSON] = []
    var inputs: JSON = []
    var outputs: JSON = []

    init(_ version: Version) { self.version = version }

    /// The whole, as to_json() prints it.
    var json: JSON {
        let config = self.config("model")
        switch version {
        case .keras2: return ["class_name": "Functional", "config": config, "keras_version": "2.15.0"]
        case .keras3:
            return [
                "module": "keras.src.models.functional", "class_name": "Functional", "config": config,
                "registered_name": "Functional",
            ]
        }
    }

    /// The configuration alone, for a model inside another one.
    func config(_ name: String) -> JSON {
        [
            "name": JSON(name), "trainable": true, "layers": .array(layers), "input_layers": inputs,
            "output_layers": outputs,
        ]
    }

    mutating func input(_ name: String, _ shape: [Int?], dtype: String = "float32") {
        let key = version == .keras2 ? "batch_input_shape" : "batch_shape"
        let extents: [JSON] = [.null] + shape.map { $0.map { JSON($0) } ?? .null }
        layers.append([
            "class_name": "InputLayer", "name": JSON(name), "inbound_nodes": [],
            "config": [key: .array(extents), "dtype": JSON(dtype), "name": JSON(name)],
        ])
        inputs = .array((inputs.array ?? []) + [[JSON(name), 0, 0]])
    }

    /// A layer of Keras with its calls.
    mutating func layer(_ className: String, _ name: String, _ config: JSON = [:], calls: [JSON]) {
        var config = config
        config["name"] = JSON(name)
        layers.append([
            "class_name": JSON(className), "config": config, "name": JSON(name), "inbound_nodes": .array(calls),
        ])
    }

    /// An operator on tensors or numbers, in the way that the version has.
    mutating func sum(_ name: String, _ x: JSON, _ y: JSON) {
        switch version {
        case .keras2:
            var call = x.array ?? []
            call.append(["y": y, "name": nil])
            layers.append([
                "class_name": "TFOpLambda", "name": JSON(name), "inbound_nodes": [.array(call)],
                "config": ["name": JSON(name), "trainable": true, "dtype": "float32", "function": "__operators__.add"],
            ])
        case .keras3:
            layers.append([
                "module": "keras.src.ops.numpy", "class_name": "Add", "name": JSON(name), "registered_name": "Add",
                "config": ["name": JSON(name)],
                "inbound_nodes": [["args": [tensor(x), tensor(y)], "kwargs": [:]]],
            ])
        }
    }

    /// A call with one tensor.
    func call(_ layer: String, _ node: Int = 0, _ output: Int = 0) -> JSON {
        let history: JSON = [JSON(layer), JSON(node), JSON(output)]
        switch version {
        case .keras2: return [.array((history.array ?? []) + [[:]])]
        case .keras3: return ["args": [tensor(history)], "kwargs": ["training": false, "mask": nil]]
        }
    }

    /// A history as an argument of Keras 3; what is none stays.
    private func tensor(_ history: JSON) -> JSON {
        guard history.array != nil else { return history }
        return [
            "class_name": "__keras_tensor__",
            "config": ["shape": [nil, 1], "dtype": "float32", "keras_history": history],
        ]
    }
}
