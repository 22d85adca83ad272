import Formats
import Graph

/// The numbers of ONNX's element types (`TensorProto.DataType`).
enum ONNXType {
    /// bfloat16, which no tensor of a program has.
    static let bfloat16 = 16

    /// The number of an element type.
    static func number(_ type: DType) -> Int {
        switch type {
        case .float32: 1
        case .uint8: 2
        case .int8: 3
        case .uint16: 4
        case .int16: 5
        case .int32: 6
        case .int64: 7
        case .bool: 9
        case .float64: 11
        case .bfloat16: bfloat16
        }
    }
}

/// A tensor that the model holds (`TensorProto`), as its bytes: elements lie row by row, the lowest byte first.
enum ONNXTensor {
    static func bytes(_ name: String, _ type: DType, _ shape: [Int], _ elements: [UInt8]) -> [UInt8] {
        var tensor = ProtobufWriter()
        for extent in shape { tensor.add(1, integer: Int64(extent)) }
        tensor.add(2, integer: Int64(ONNXType.number(type)))
        tensor.add(8, text: name)
        tensor.add(9, bytes: elements)
        return tensor.bytes
    }
}

/// What an input or output of the model is (`ValueInfoProto`), as its bytes.
enum ONNXValue {
    /// The name of the extent that a batch has.
    static let batch = "batch"

    /// - Parameter shape: the extents; nil: any.
    static func bytes(_ name: String, _ type: DType, _ shape: [Int?]) -> [UInt8] {
        var value = ProtobufWriter()
        value.add(1, text: name)
        value.add(2) { message in
            message.add(1) { tensor in
                tensor.add(1, integer: Int64(ONNXType.number(type)))
                tensor.add(2) { dimensions in
                    for extent in shape {
                        dimensions.add(1) { dimension in
                            if let extent {
                                dimension.add(1, integer: Int64(extent))
                            } else {
                                dimension.add(2, text: batch)
                            }
                        }
                    }
                }
            }
        }
        return value.bytes
    }
}
