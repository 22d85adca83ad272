package import Estimator
import Formats
package import OrderedCollections

/// Predictions as lines of JSON, one a row: `{"index":0,"digit":5,"probabilities":[…]}`. Each tensor that the model predicts has its own
/// member. Numbers are written with as few digits as tell them from their neighbours; what is not finite is null.
package struct RowLines {
    /// How many lines there are so far.
    package private(set) var count = 0

    /// None yet.
    package init() {}

    /// The lines of one batch.
    package mutating func lines(of batch: OrderedDictionary<String, HostTensor>) -> [UInt8] {
        let columns = batch.map { name, tensor in
            (key: String(decoding: JSON.string(name).serialized(), as: UTF8.self), tensor: tensor, texts: tensor.texts)
        }
        var text = ""
        for row in 0..<(columns.map { $0.tensor.rows }.min() ?? 0) {
            text += "{\"index\":\(count)"
            count += 1
            for column in columns {
                let size = column.tensor.rowCount
                var rest = column.texts[(row * size)..<((row + 1) * size)]
                text += ",\(column.key):"
                Self.write(&rest, column.tensor.shape.dropFirst(), to: &text)
            }
            text += "}\n"
        }
        return Array(text.utf8)
    }

    private static func write(_ values: inout ArraySlice<String>, _ shape: ArraySlice<Int>, to text: inout String) {
        guard let extent = shape.first else {
            text += values.popFirst() ?? "null"
            return
        }
        text += "["
        for place in 0..<extent {
            if place > 0 { text += "," }
            write(&values, shape.dropFirst(), to: &text)
        }
        text += "]"
    }
}

extension HostTensor {
    /// Each element as JSON has it.
    fileprivate var texts: [String] {
        switch type.dtype {
        case .bool: integers.map { $0 == 0 ? "false" : "true" }
        case .float64: doubles.map { $0.isFinite ? $0.description : "null" }
        case .float32, .bfloat16: floats.map { $0.isFinite ? $0.description : "null" }
        case .uint8, .int8, .uint16, .int16, .int32, .int64: integers.map { "\($0)" }
        }
    }
}
