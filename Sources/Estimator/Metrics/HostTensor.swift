package import Executor
public import Graph

/// A value that came to the host: what the outfeed gives metrics and prediction.
public struct HostTensor: Sendable {
    /// Its name.
    package let name: String
    /// Element type and shape; the first axis is the batch.
    package let type: TensorType
    /// Row-major, in the machine's byte order.
    package let bytes: [UInt8]

    /// A value by its bytes, whose number is that of the type.
    public init(name: String, type: TensorType, bytes: [UInt8]) {
        precondition(bytes.count == type.byteCount, "a tensor has as many bytes as its type asks for")
        self.name = name
        self.type = type
        self.bytes = bytes
    }

    /// The extents of the axes.
    public var shape: [Int] { type.shape.dimensions }

    /// The elements as doubles; `true` is 1.
    public var doubles: [Double] { Literal(type: type, bytes: bytes).doubles }

    /// The elements as floats, rounded to nearest where the type is wider.
    public var floats: [Float] { Literal(type: type, bytes: bytes).floats }

    /// The elements as whole numbers, floating ones cut toward zero.
    public var integers: [Int64] { Literal(type: type, bytes: bytes).integers }

    /// Rows: the extent of the first axis, 1 for a scalar.
    package var rows: Int { shape.first ?? 1 }

    /// Elements of one row.
    package var rowCount: Int { Shape(Array(shape.dropFirst())).count }
}

extension HostTensor {
    /// These of its rows.
    func selecting(rows chosen: some Collection<Int>) -> HostTensor {
        let size = bytes.count / max(1, rows)
        var kept: [UInt8] = []
        kept.reserveCapacity(chosen.count * size)
        for row in chosen { kept += bytes[(row * size)..<((row + 1) * size)] }
        return HostTensor(
            name: name, type: TensorType(type.dtype, Shape([chosen.count] + shape.dropFirst())), bytes: kept)
    }

    /// A value as it came out of the outfeed.
    package init(_ tensor: OutfeedQueue.Tensor) { self.init(name: tensor.name, type: tensor.type, bytes: tensor.bytes) }
}
