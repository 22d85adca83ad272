import Formats
import OrderedCollections

/// Reads the calls of one layer in a Functional model: Keras 2's lists of `[layer, node, tensor, {kwargs}]`, and Keras 3's
/// `{"args": […], "kwargs": {…}}` with a `keras_history` in each tensor.
struct NodeReader {
    /// A tensor as the JSON names it.
    struct Reference: Hashable {
        let layer: String
        let node: Int
        let tensor: Int
        /// Where it is, in the job.
        let pointer: JSONPointer
    }

    /// One call as it is written: inputs by reference.
    struct Node {
        let inputs: [Reference]
        let arguments: CallArguments
    }

    private let faults: SpecErrors
    private let pointer: JSONPointer
    private var inputs: [Reference] = []

    private init(_ pointer: JSONPointer, _ faults: SpecErrors) {
        self.pointer = pointer
        self.faults = faults
    }

    /// The call at the pointer; nil where it is at fault.
    static func read(_ value: JSON, at pointer: JSONPointer, faults: SpecErrors) -> Node? {
        var reader = NodeReader(pointer, faults)
        let before = faults.count
        let arguments = value.object != nil ? reader.readKeras3(value) : reader.readKeras2(value)
        guard faults.count == before, let arguments else { return nil }
        guard !reader.inputs.isEmpty else {
            faults.add(pointer, "calls a layer without any tensor")
            return nil
        }
        return Node(inputs: reader.inputs, arguments: arguments)
    }

    /// The tensors of `input_layers` or `output_layers`: a list of triples, or one bare triple.
    static func references(_ reader: ObjectReader, _ name: String) -> [Reference] {
        reader.note(name, .value(["type": "array"]))
        guard let value = reader.value(name, required: true) else { return [] }
        let place = reader.pointer(to: name)
        if let one = reference(value, at: place) { return [one] }
        guard let list = value.array else {
            reader.fault(name, "must be a list of tensors like [\"dense\", 0, 0], not \(value.inWords)")
            return []
        }
        if list.isEmpty { reader.fault(name, "must have at least one tensor like [\"dense\", 0, 0]") }
        return list.enumerated().compactMap { index, value in
            let one = reference(value, at: place.appending(index))
            if one == nil {
                reader.faults.add(
                    place.appending(index), "must be a tensor like [\"dense\", 0, 0], not \(value.inWords)")
            }
            return one
        }
    }

    /// `["dense", 0, 0]` or `["dense", 0, 0, {…}]`.
    private static func reference(_ value: JSON, at pointer: JSONPointer) -> Reference? {
        guard let parts = value.array, parts.count == 3 || parts.count == 4, let layer = parts[0].string,
            let node = parts[1].int, let tensor = parts[2].int
        else { return nil }
        return Reference(layer: layer, node: node, tensor: tensor, pointer: pointer)
    }

    private mutating func add(_ reference: Reference) -> CallArguments.Value {
        inputs.append(reference)
        return .input(inputs.count - 1)
    }

    // MARK: Keras 2

    private static let constant = "_CONSTANT_VALUE"

    private mutating func readKeras2(_ value: JSON) -> CallArguments? {
        guard let list = value.array, !list.isEmpty else {
            faults.add(pointer, "must be a call like [[\"dense\", 0, 0, {}]], not \(value.inWords)")
            return nil
        }
        // An operator's call is one level flatter.
        let isFlat = list[0].string != nil
        let entries = isFlat ? [value] : list
        var first: [CallArguments.Value] = []
        var keywords: OrderedDictionary<String, CallArguments.Value> = [:]
        for (index, entry) in entries.enumerated() {
            let place = isFlat ? pointer : pointer.appending(index)
            if let parts = entry.array, parts.count >= 3, parts[0].string == NodeReader.constant {
                first.append(.constant(parts[2]))
            } else if let one = NodeReader.reference(entry, at: place) {
                first.append(add(one))
            } else {
                faults.add(place, "must be a tensor like [\"dense\", 0, 0, {}], not \(entry.inWords)")
                continue
            }
            // All tensors of one call have the same.
            guard index == 0, let given = entry.array, given.count > 3 else { continue }
            guard let members = given[3].object else {
                faults.add(place.appending(3), "must be an object of arguments, not \(given[3].inWords)")
                continue
            }
            for (name, value) in members where !value.isNull {
                keywords[name] = keras2(value, at: place.appending(3).appending(name))
            }
        }
        return CallArguments(first.count == 1 ? first : [.list(first)], keywords: keywords, pointer: pointer)
    }

    private mutating func keras2(_ value: JSON, at place: JSONPointer) -> CallArguments.Value {
        if let one = NodeReader.reference(value, at: place) { return add(one) }
        guard let list = value.array, !list.isEmpty,
            list.allSatisfy({ NodeReader.reference($0, at: place) != nil })
        else { return .constant(value) }
        return .list(list.enumerated().map { keras2($1, at: place.appending($0)) })
    }

    // MARK: Keras 3

    private mutating func readKeras3(_ value: JSON) -> CallArguments? {
        let reader = ObjectReader(value, at: pointer, faults: faults)
        let list = reader.list("args") ?? []
        let kwargs = reader.object("kwargs")
        reader.finish()
        let positional = list.map { keras3($0.value, at: $0.pointer, depth: 0) }
        var keywords: OrderedDictionary<String, CallArguments.Value> = [:]
        for (name, value) in kwargs?.members ?? [:] where !value.isNull {
            keywords[name] = keras3(value, at: pointer.appending("kwargs").appending(name), depth: 0)
        }
        return CallArguments(positional, keywords: keywords, pointer: pointer)
    }

    private mutating func keras3(_ value: JSON, at place: JSONPointer, depth: Int) -> CallArguments.Value {
        if let list = value.array {
            // Arguments are lists of tensors, or lists of such.
            guard depth < 4 else { return .constant(value) }
            return .list(list.enumerated().map { keras3($1, at: place.appending($0), depth: depth + 1) })
        }
        guard value["class_name"]?.string == "__keras_tensor__" else { return .constant(value) }
        let history = place.appending("config").appending("keras_history")
        guard let found = value["config"]?["keras_history"], let one = NodeReader.reference(found, at: history) else {
            faults.add(history, "must be a tensor like [\"dense\", 0, 0]")
            return .constant(nil)
        }
        return add(one)
    }
}
