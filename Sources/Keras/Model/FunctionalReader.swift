import Formats
import OrderedCollections

/// Reads the configuration of a Functional model: layers, and the nodes that connect them.
struct FunctionalReader {
    /// A layer of the list with its calls as they are written.
    private struct Entry {
        let name: String
        let pointer: JSONPointer
        /// Place among the inputs, or among the layers.
        let place: Int
        let isInput: Bool
        var nodes: [NodeReader.Node] = []
        /// Place of the first of its calls among all.
        var firstCall = 0
        /// The number that the JSON gives its first call where it is an argument, and where it is the model's output.
        var firstNode = 0
        var firstOutputNode = 0
    }

    private let faults: SpecErrors
    private let common: LayerHeader
    private var entries: [Entry] = []
    private var places: [String: Int] = [:]
    private var inputs: [ModelInput] = []
    private var layers: [any Layer] = []

    /// The model; nil where it is at fault.
    static func read(_ common: LayerHeader, _ config: ObjectReader) -> KerasModel? {
        let before = config.faults.count
        var reader = FunctionalReader(common, config.faults)
        guard let list = config.list("layers", required: true) else { return nil }
        let values = list.map(\.value)
        guard ModelReader.isShort(values, at: config.pointer(to: "layers"), config.faults) else { return nil }
        for (value, pointer) in list { reader.readLayer(value, at: pointer) }
        let inputs = NodeReader.references(config, "input_layers")
        let outputs = NodeReader.references(config, "output_layers")
        // What names no layer would be told of each layer that was at fault.
        guard config.faults.count == before else { return nil }
        return reader.model(inputs, outputs, config)
    }

    private init(_ common: LayerHeader, _ faults: SpecErrors) {
        self.common = common
        self.faults = faults
        layerReader = LayerReader(in: common, faults: faults)
    }

    private var layerReader: LayerReader

    // MARK: Layers

    private mutating func readLayer(_ value: JSON, at pointer: JSONPointer) {
        guard let object = KerasObject(value, at: pointer, what: "a layer", faults: faults) else { return }
        let before = faults.count
        guard let read = layerReader.read(object), faults.count == before else { return }
        var entry: Entry
        switch read {
        case .input(let input):
            if input.shape == nil {
                faults.add(
                    object.configPointer,
                    "the input \(input.name.quotedForMessage) has no shape: expected batch_shape (Keras 3) or "
                        + "batch_input_shape (Keras 2)")
            }
            entry = Entry(name: input.name, pointer: pointer, place: inputs.count, isInput: true)
            inputs.append(input)
        case .layer(let layer, _):
            entry = Entry(name: layer.name, pointer: pointer, place: layers.count, isInput: false)
            layers.append(layer)
            entry.nodes = readNodes(value, layer, at: pointer)
            (entry.firstNode, entry.firstOutputNode) = firstNodes(layer)
        }
        if let outer = value["name"]?.string, outer != entry.name {
            faults.add(
                pointer.appending("name"),
                "is \(outer.quotedForMessage), but the layer's configuration has the name \(entry.name.quotedForMessage)"
            )
        }
        places[entry.name] = entries.count
        entries.append(entry)
    }

    private func readNodes(_ value: JSON, _ layer: any Layer, at pointer: JSONPointer) -> [NodeReader.Node] {
        let place = pointer.appending("inbound_nodes")
        guard let list = value["inbound_nodes"]?.array else {
            faults.add(place, "must be the list of the layer's calls, not \((value["inbound_nodes"] ?? .null).inWords)")
            return []
        }
        guard list.count <= SpecLimit.layers else {
            faults.add(place, "must have at most \(SpecLimit.layers) calls, not \(list.count)")
            return []
        }
        return list.enumerated().compactMap { index, value in
            let node = NodeReader.read(value, at: place.appending(index), faults: faults)
            if let node { checkArguments(node.arguments, of: layer) }
            return node
        }
    }

    private func checkArguments(_ arguments: CallArguments, of layer: any Layer) {
        let pointer = arguments.pointer ?? layer.pointer
        for name in arguments.keywords.keys where name != "training" && !layer.keywords.contains(name) {
            faults.add(
                pointer, "calls \(layer.name.quotedForMessage) with \(name.quotedForMessage), which is not supported",
                code: SpecError.notSupported)
        }
        guard layer.keywords.isEmpty else { return }
        for constant in arguments.constants where !constant.isNull {
            faults.add(
                pointer, "calls \(layer.name.quotedForMessage) with \(constant.inWords), which is not supported",
                code: SpecError.notSupported)
        }
    }

    /// A model's own construction may have taken node 0 (KERAS.md, section 5).
    private func firstNodes(_ layer: any Layer) -> (argument: Int, output: Int) {
        guard let nested = layer as? NestedModel else { return (0, 0) }
        switch common.version {
        case .keras2: return (1, 1)
        case .keras3: return nested.common.className == "Sequential" ? (0, 0) : (0, 1)
        }
    }

    // MARK: Connections

    private mutating func model(
        _ inputs: [NodeReader.Reference], _ outputs: [NodeReader.Reference], _ config: ObjectReader
    ) -> KerasModel? {
        var owners: [Int] = []
        for place in entries.indices {
            entries[place].firstCall = owners.count
            owners += entries[place].nodes.map { _ in place }
        }
        let fed = orderedInputs(inputs)
        guard let fed else { return nil }
        func source(_ reference: NodeReader.Reference, isOutput: Bool = false) -> KerasModel.Source? {
            switch resolve(reference, isOutput: isOutput) {
            case .input(let place)?:
                if let order = fed[place] { return .input(order) }
                faults.add(
                    reference.pointer,
                    "\(reference.layer.quotedForMessage) is an input, but input_layers does not have it")
                return nil
            case let call: return call
            }
        }
        let before = faults.count
        var calls: [KerasModel.Call] = []
        for (entry, node) in entries.flatMap({ entry in entry.nodes.map { (entry, $0) } }) {
            calls.append(
                KerasModel.Call(
                    layer: entry.place, inputs: node.inputs.compactMap { source($0) }, arguments: node.arguments))
        }
        let results = outputs.compactMap { source($0, isOutput: true) }
        guard faults.count == before else { return nil }
        return ordered(calls, owners, results, fed, config)
    }

    /// The place in the order of data of each input layer; nil where `input_layers` is at fault.
    private func orderedInputs(_ references: [NodeReader.Reference]) -> [Int: Int]? {
        var order: [Int: Int] = [:]
        let before = faults.count
        for reference in references {
            guard let place = places[reference.layer], entries[place].isInput else {
                faults.add(
                    reference.pointer, "\(reference.layer.quotedForMessage) is not an input layer of the model")
                continue
            }
            if order.updateValue(order.count, forKey: entries[place].place) != nil {
                faults.add(reference.pointer, "\(reference.layer.quotedForMessage) is there twice")
            }
        }
        return faults.count == before ? order : nil
    }

    private func resolve(_ reference: NodeReader.Reference, isOutput: Bool) -> KerasModel.Source? {
        guard let place = places[reference.layer] else {
            let near = faults.hint { NearestName.of(reference.layer, among: places.keys.sorted()) }
            faults.add(
                reference.pointer,
                "\(reference.layer.quotedForMessage) is not a layer of the model"
                    + (near.map { "; did you mean \($0.quotedForMessage)?" } ?? ""))
            return nil
        }
        let entry = entries[place]
        guard reference.tensor >= 0 else {
            faults.add(reference.pointer, "\(entry.name.quotedForMessage) has no output \(reference.tensor)")
            return nil
        }
        if entry.isInput {
            if reference.node == 0, reference.tensor == 0 { return .input(entry.place) }
            faults.add(
                reference.pointer, "the input \(entry.name.quotedForMessage) has one tensor: node 0, output 0")
            return nil
        }
        var first = isOutput ? entry.firstOutputNode : entry.firstNode
        // A Sequential that was not built before its first call has no node of its own.
        if reference.node == 0, first == 1, layers[entry.place].common.className == "Sequential" { first = 0 }
        let (call, overflow) = reference.node.subtractingReportingOverflow(first)
        guard !overflow, entry.nodes.indices.contains(call) else {
            let last = first + entry.nodes.count - 1
            faults.add(
                reference.pointer,
                "\(entry.name.quotedForMessage) has no node \(reference.node): it is called "
                    + (entry.nodes.count == 1
                        ? "once (node \(first))" : "\(entry.nodes.count) times (nodes \(first) to \(last))"))
            return nil
        }
        return .call(entry.firstCall + call, output: reference.tensor)
    }

    private func ordered(
        _ calls: [KerasModel.Call], _ owners: [Int], _ outputs: [KerasModel.Source], _ fed: [Int: Int],
        _ config: ObjectReader
    ) -> KerasModel? {
        func needed(_ sources: [KerasModel.Source]) -> [Int] {
            sources.compactMap { if case .call(let place, _) = $0 { place } else { nil } }
        }
        let needs = calls.map { needed($0.inputs) }
        switch CallOrder.of(needs, for: needed(outputs)) {
        case .cycle(let cycle):
            let names = cycle.map { entries[owners[$0]].name }
            let shown = names.prefix(10).joined(separator: ", which takes that of ")
            faults.add(
                entries[owners[cycle.first ?? 0]].pointer,
                "is part of a cycle: \(shown)\(names.count > 10 ? " …" : "") takes the output of one that takes its own"
            )
            return nil
        case .order(let order):
            guard !order.isEmpty else {
                faults.add(common.pointer, "has no layer that computes anything")
                return nil
            }
            return assembled(calls, order, outputs, fed)
        }
    }

    /// The model with the calls in their order, and without the layers that no output needs.
    private func assembled(
        _ calls: [KerasModel.Call], _ order: [Int], _ outputs: [KerasModel.Source], _ fed: [Int: Int]
    ) -> KerasModel {
        var newCall: [Int: Int] = [:]
        for (new, old) in order.enumerated() { newCall[old] = new }
        let used = Set(order.map { calls[$0].layer }).sorted()
        var newLayer: [Int: Int] = [:]
        for (new, old) in used.enumerated() { newLayer[old] = new }
        func renumbered(_ source: KerasModel.Source) -> KerasModel.Source {
            if case .call(let place, let output) = source {
                .call(newCall[place] ?? place, output: output)
            } else {
                source
            }
        }
        return KerasModel(
            common, inputs: fed.sorted { $0.value < $1.value }.map { inputs[$0.key] },
            layers: used.map { layers[$0] },
            calls: order.map { place in
                let call = calls[place]
                return KerasModel.Call(
                    layer: newLayer[call.layer] ?? call.layer, inputs: call.inputs.map(renumbered),
                    arguments: call.arguments)
            },
            outputs: outputs.map(renumbered))
    }
}
