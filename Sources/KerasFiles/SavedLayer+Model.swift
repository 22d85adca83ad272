package import Formats
import OrderedCollections

extension SavedLayer {
    /// The groups of a model: Keras' JSON, or the short form of a job. Nil where it is not a model.
    package init?(model: JSON) {
        guard let layers = model.array ?? SavedLayer.layers(model["config"]) else { return nil }
        let isOld = model["class_name"] != nil && !SavedLayer.isKeras3(model)
        self.init(group: "", parts: SavedLayer.groups(layers, isOld: isOld))
    }

    /// Whether a model is the JSON of Keras 3: it says the class's module, where Keras 2 says its version.
    package static func isKeras3(_ model: JSON) -> Bool {
        model["class_name"] != nil && model["module"]?.string != nil
            && model["keras_version"]?.string?.hasPrefix("2.") != true
    }

    /// One entry of a model's list of layers, whichever way it is written.
    private struct Written {
        let className: String
        /// Nil where the short form leaves it out.
        let name: String?
        let config: JSON
        let isOperator: Bool

        init?(_ json: JSON) {
            if let name = json.string {
                self.init(json, name, [:])
            } else if let name = json["class_name"]?.string {
                self.init(json, name, json["config"] ?? [:])
            } else if let member = json.object?.elements.first, json.object?.count == 1 {
                self.init(json, member.key, member.value)
            } else {
                return nil
            }
        }

        private init(_ json: JSON, _ className: String, _ config: JSON) {
            self.className = ClassName.own(className)
            self.config = config
            name = config["name"]?.string ?? json["name"]?.string
            isOperator = ClassName.isOperator(module: json["module"]?.string)
        }
    }

    private static func layers(_ config: JSON?) -> [JSON]? { config?["layers"]?.array ?? config?.array }

    private static func groups(_ layers: [JSON], isOld: Bool) -> OrderedDictionary<String, SavedLayer> {
        var groups: [String: Int] = [:]
        var names: [String: Int] = [:]
        var parts: OrderedDictionary<String, SavedLayer> = [:]
        for layer in layers.compactMap(Written.init) where !layer.isOperator {
            let base = ClassName.snakeCase(layer.className)
            let group = numbered(base, &groups)
            // Inputs have a group and no variables; functions of tensors have neither.
            var name = layer.name ?? numbered(base, &names)
            while layer.name == nil, parts[name] != nil { name = numbered(base, &names) }
            parts[name] = SavedLayer(group: "layers/\(group)", parts: self.parts(of: layer, isOld: isOld))
        }
        return parts
    }

    private static func numbered(_ base: String, _ counts: inout [String: Int]) -> String {
        let count = counts[base, default: 0]
        counts[base] = count + 1
        return count == 0 ? base : "\(base)_\(count)"
    }

    private static func parts(of layer: Written, isOld: Bool) -> OrderedDictionary<String, SavedLayer> {
        switch layer.className {
        case "Sequential", "Functional": return groups(layers(layer.config) ?? [], isOld: isOld)
        case "SimpleRNN", "LSTM", "GRU":
            return ["\(ClassName.snakeCase(layer.className))_cell": SavedLayer(group: "cell")]
        case "MultiHeadAttention":
            let parts = [("query", "query"), ("key", "key"), ("value", "value"), ("attention_output", "output")]
            return OrderedDictionary(
                uniqueKeysWithValues: parts.map {
                    ($0.0, SavedLayer(group: "\($0.1)_dense", oldGroup: "_\($0.1)_dense"))
                })
        case "TimeDistributed":
            guard let inner = layer.config["layer"].flatMap(Written.init) else { return [:] }
            // Keras 2 leaves the inner layer's name out of the variables' names.
            let name = isOld ? "" : inner.name ?? ClassName.snakeCase(inner.className)
            return [name: SavedLayer(group: "layer", parts: self.parts(of: inner, isOld: isOld))]
        case "Bidirectional":
            guard let forward = layer.config["layer"].flatMap(Written.init) else { return [:] }
            let backward = layer.config["backward_layer"].flatMap(Written.init)
            func part(_ direction: String, _ inner: Written, _ own: String) -> (String, SavedLayer) {
                let name = inner.name ?? ClassName.snakeCase(inner.className)
                let bare = name.hasPrefix(own) ? String(name.dropFirst(own.count)) : name
                return (
                    "\(direction)_\(bare)",
                    SavedLayer(group: "\(direction)_layer", parts: self.parts(of: inner, isOld: isOld))
                )
            }
            return OrderedDictionary(
                [
                    part("forward", forward, "forward_"),
                    backward.map { part("backward", $0, "backward_") } ?? part("backward", forward, "forward_"),
                ], uniquingKeysWith: { first, _ in first })
        default: return [:]
        }
    }
}
