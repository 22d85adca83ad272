import Formats
import Graph

/// A model of Keras, Sequential or Functional: layers and the calls that connect them.
struct KerasModel: Sendable {
    /// A tensor between the calls.
    enum Source: Sendable, Hashable {
        /// One of the model's inputs.
        case input(Int)
        /// One of the outputs of a call.
        case call(Int, output: Int)
    }

    /// One call of a layer.
    struct Call: Sendable {
        /// Place in the model's layers.
        let layer: Int
        /// Outputs of earlier calls, or inputs.
        let inputs: [Source]
        let arguments: CallArguments
    }

    /// Name, place, version, whether it is trained.
    let common: LayerHeader
    /// In the order in which data are fed.
    let inputs: [ModelInput]
    /// All layers but the inputs, in the order of the JSON.
    let layers: [any Layer]
    /// Each behind those whose outputs it takes.
    let calls: [Call]
    let outputs: [Source]

    var name: String { common.name }
    /// Where the model is in the job.
    var pointer: JSONPointer { common.pointer }

    /// Whether the numbers of an output's last axis are positive and add up to 1, as its layer makes them so.
    func givesProbabilities(output: Int) -> Bool {
        guard case .call(let place, output: _) = outputs[output] else { return false }
        return layers[calls[place].layer].givesProbabilities
    }

    /// The outputs' names as losses and metrics know them: those of the layers that give them, with `_1` and so on behind
    /// what another output is called already.
    var outputNames: [String] {
        var taken: Set<String> = []
        var counts: [String: Int] = [:]
        return outputs.map { source in
            let layer =
                switch source {
                case .input(let place): inputs[place].name
                case .call(let place, _): layers[calls[place].layer].name
                }
            var name = layer
            while !taken.insert(name).inserted {
                counts[layer, default: 0] += 1
                name = "\(layer)_\(counts[layer, default: 0])"
            }
            return name
        }
    }

    /// A stack of layers.
    init(_ common: LayerHeader, input: ModelInput, stack layers: [any Layer]) {
        self.common = common
        inputs = [input]
        self.layers = layers
        calls = layers.indices.map { place in
            Call(
                layer: place, inputs: [place == 0 ? .input(0) : .call(place - 1, output: 0)], arguments: .tensors())
        }
        outputs = [layers.isEmpty ? .input(0) : .call(layers.count - 1, output: 0)]
    }

    /// A graph of layers; `calls` must be in an order in which they can be made.
    init(_ common: LayerHeader, inputs: [ModelInput], layers: [any Layer], calls: [Call], outputs: [Source]) {
        self.common = common
        self.inputs = inputs
        self.layers = layers
        self.calls = calls
        self.outputs = outputs
    }
}
