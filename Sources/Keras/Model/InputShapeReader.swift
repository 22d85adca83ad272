import Formats
import Graph

/// Reads what an input layer, or the first layer of a Sequential model, says of the model's input.
enum InputShapeReader {
    /// A shape and where it is.
    struct Found {
        let pointer: JSONPointer
        /// Of one row; an extent that is nil follows from the data.
        let extents: [Int?]
    }

    /// The shape of an input layer: `batch_shape` (Keras 3), `batch_input_shape` (Keras 2), or `shape`, `input_shape` (the
    /// short form). Nil: it says none, or it is at fault.
    static func ofInput(_ reader: ObjectReader) -> Found? { read(reader, beside: ["shape"]) }

    /// What a layer says of the model's input; nil: nothing.
    static func ofLayer(_ object: KerasObject, _ reader: ObjectReader) -> ModelInput? {
        var found = read(reader, beside: [])
        // An old word of Dense; with Embedding it is the number of words.
        if object.className == "Dense", let width = reader.int("input_dim", in: 1...SpecLimit.extent) {
            found = joined(found, Found(pointer: reader.pointer(to: "input_dim"), extents: [width]), reader)
        }
        // Keras 2 writes a shape of unknown extents beside every Embedding, whatever it is called with.
        guard let found, found.extents.isEmpty || found.extents.contains(where: { $0 != nil }) else { return nil }
        return ModelInput(name: "input", pointer: found.pointer, shape: found.extents, dtype: nil)
    }

    /// The type that an input layer casts to; nil: it says none.
    static func dtype(_ reader: ObjectReader) -> DType? {
        reader.note("dtype", .value(["anyOf": [["enum": JSON(types.keys.sorted())], ["type": "object"]]]))
        guard let value = reader.value("dtype") else { return nil }
        let name = value.string ?? value["config"]?["name"]?.string ?? value.inWords
        if let dtype = types[name] { return dtype }
        let names = types.keys.sorted().inWords
        reader.fault(
            "dtype", "\(name.quotedForMessage) is not supported; an input may be \(names)", code: SpecError.notSupported
        )
        return nil
    }

    private static let types: [String: DType] = [
        "float32": .float32, "int64": .int64, "int32": .int32, "int16": .int16, "int8": .int8, "uint8": .uint8,
        "uint16": .uint16, "bool": .bool,
    ]

    private static func read(_ reader: ObjectReader, beside more: [String]) -> Found? {
        var found: Found?
        for (key, hasBatch) in [("batch_shape", true), ("batch_input_shape", true)]
            + (["input_shape"] + more).map({ ($0, false) })
        {
            let extent: JSON = ["type": ["integer", "null"], "minimum": 1, "maximum": JSON(SpecLimit.extent)]
            reader.note(key, .value(["type": "array", "items": extent]))
            guard let list = reader.list(key) else { continue }
            guard !hasBatch || !list.isEmpty else {
                reader.fault(
                    key, "must begin with null for the batch, as [null, 28, 28] for rows of shape [28, 28]")
                continue
            }
            let dimensions = hasBatch ? Array(list.dropFirst()) : list
            if hasBatch, let batch = list.first, !batch.value.isNull {
                reader.faults.add(
                    batch.pointer, "must be null: the batch size is the job's", code: SpecError.notSupported)
            }
            var extents: [Int?] = []
            for (value, pointer) in dimensions {
                if value.isNull {
                    extents.append(nil)
                } else if let extent = reader.element(value, at: pointer, in: 1...SpecLimit.extent) {
                    extents.append(extent)
                }
            }
            guard extents.count == dimensions.count else { continue }
            if extents.map({ $0 ?? 1 }).saturatedProduct > SpecLimit.elements {
                reader.fault(key, "makes rows of more than \(SpecLimit.elements) numbers")
                continue
            }
            found = joined(found, Found(pointer: reader.pointer(to: key), extents: extents), reader)
        }
        return found
    }

    /// One of two shapes that say the same; others are a fault of the second.
    private static func joined(_ known: Found?, _ other: Found, _ reader: ObjectReader) -> Found {
        guard let known else { return other }
        if known.extents != other.extents {
            reader.faults.add(other.pointer, "is not the same as \(known.pointer.tokens.last ?? "the shape before it")")
        }
        return known
    }
}
