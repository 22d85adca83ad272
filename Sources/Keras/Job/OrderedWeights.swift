import Formats
import KerasFiles

/// A file of Keras 2's form (`.h5`): layers in the model's order, and in each its weights in Keras' order. Layers'
/// names count for nothing, as in Keras' `load_weights`.
struct OrderedWeights: StartingFile {
    private let file: WeightsFile
    private let layers: [WeightsFile.OrderedLayer]

    init(_ file: WeightsFile, _ layers: [WeightsFile.OrderedLayer]) {
        self.file = file
        self.layers = layers
    }

    func find(_ plan: ModelPlan) -> FoundVariables {
        var found = FoundVariables()
        let own = plan.layers.filter { !$0.variables.isEmpty }
        guard own.count == layers.count else {
            found.differences = [
                "holds the weights of \(OrderedWeights.layers(layers.map(\.name))), but the model has "
                    + "\(OrderedWeights.layers(own.map(\.name))) with variables"
            ]
            return found
        }
        for (layer, outline) in zip(layers, own) {
            guard layer.paths.count == outline.variables.count else {
                found.differences.append(
                    "holds \(layer.paths.count) weights of the layer \(layer.name.quotedForMessage), but the model's "
                        + "\(outline.name.quotedForMessage) has \(outline.variables.count)")
                continue
            }
            for (variable, path) in zip(OrderedWeights.order(outline.variables, as: layer.weights), layer.paths) {
                found.variables[variable.name] = file.stored(path)
            }
        }
        return found
    }

    /// The layer's variables in the file's order: by their names where each of those is the end of one variable's, else by the
    /// first of the orders in use in which the names' last words agree; without one, by Keras' own.
    private static func order(_ variables: [LayerVariable], as weights: [String]) -> [LayerVariable] {
        if let named = named(variables, weights) { return named }
        func sorted(_ isFirst: (LayerVariable) -> Bool) -> [LayerVariable] {
            variables.filter(isFirst) + variables.filter { !isFirst($0) }
        }
        // Trained ones come first, and what is frozen now may not have been when the file was written.
        let statistics: Set<Substring> = ["moving_mean", "moving_variance", "mean", "variance", "count"]
        let orders = [sorted(\.isTrainable), sorted { !statistics.contains(leaf($0.name)) }, variables]
        let wanted = weights.map(leaf)
        return orders.first { $0.map { leaf($0.name) } == wanted } ?? orders[0]
    }

    /// The variables by their names, which in the file lack the models around a layer or, of Keras 3, begin with the model's.
    private static func named(_ variables: [LayerVariable], _ weights: [String]) -> [LayerVariable]? {
        var ends: [Substring: [Int]] = [:]
        for (index, variable) in variables.enumerated() {
            for end in self.ends(of: variable.name[...]) { ends[end, default: []].append(index) }
        }
        var taken: Set<Int> = []
        var order: [LayerVariable] = []
        for weight in weights {
            let name = weight.hasSuffix(":0") ? weight.dropLast(2) : weight[...]
            guard let found = self.ends(of: name).lazy.compactMap({ ends[$0] }).first, found.count == 1,
                taken.insert(found[0]).inserted
            else { return nil }
            order.append(variables[found[0]])
        }
        return order
    }

    /// A name, and what is behind each of its slashes but the last.
    private static func ends(of name: Substring) -> [Substring] {
        var ends: [Substring] = []
        var rest = name
        while let slash = rest.firstIndex(of: "/") {
            ends.append(rest)
            rest = rest[rest.index(after: slash)...]
        }
        return ends
    }

    /// The last word of a name, without TensorFlow's `:0`; both of Keras' words for one kernel are the same.
    private static func leaf(_ name: String) -> Substring {
        let last = name.split(separator: "/").last ?? ""
        let word = last.hasSuffix(":0") ? last.dropLast(2) : last
        return word == "depthwise_kernel" ? "kernel" : word
    }

    private static func layers(_ names: [String]) -> String {
        "\(names.count) \(names.count == 1 ? "layer" : "layers") (\(names.quotedForMessage()))"
    }

    func read(_ stored: StoredVariable) throws(FormatError) -> NDArray? { try file.floats(stored.name) }

    var namesInWords: String { file.namesInWords }
}
