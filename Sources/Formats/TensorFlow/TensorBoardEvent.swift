/// An entry of an event file, which TensorBoard reads: one record of a TFRecord file.
package struct TensorBoardEvent: Sendable, Hashable {
    /// A scalar by its tag.
    package struct Scalar: Sendable, Hashable {
        /// The name of the series.
        package let tag: String
        /// The number.
        package let value: Float
        /// The plugin that shows it; empty for a number of TensorFlow 1's writer.
        package let plugin: String

        /// A scalar of these parts.
        package init(tag: String, value: Float, plugin: String) {
            self.tag = tag
            self.value = value
            self.plugin = plugin
        }
    }

    /// Seconds since 1970.
    package let wallTime: Double
    /// The step that the numbers belong to.
    package let step: Int64
    /// The format's version, in a file's first entry alone.
    package let fileVersion: String?
    /// Who wrote the file, in its first entry alone.
    package let sourceWriter: String?
    /// The scalars; summaries of other kinds are left out.
    package let scalars: [Scalar]

    /// Reads an entry. Throws `truncated` and `malformed`.
    package init(parsing bytes: [UInt8]) throws(FormatError) {
        let event = try ProtobufMessage(bytes)
        var seconds = 0.0
        if case .fixed64(let bits)? = event.all(1).last { seconds = Double(bitPattern: bits) }
        wallTime = seconds
        step = Int64(bitPattern: event.integer(2))
        fileVersion = event.bytes(3).isEmpty ? nil : event.text(3)
        sourceWriter = event.bytes(10).isEmpty ? nil : try event.message(10).text(1)
        var scalars: [Scalar] = []
        for value in try event.message(5).bytes(1) {
            if let scalar = try TensorBoardEvent.scalar(ProtobufMessage(value)) { scalars.append(scalar) }
        }
        self.scalars = scalars
    }

    private static func scalar(_ value: ProtobufMessage) throws(FormatError) -> Scalar? {
        let tag = value.text(1)
        let plugin = try value.message(9).message(1).text(1)
        if case .fixed32(let bits)? = value.all(2).last {
            return Scalar(tag: tag, value: Float(bitPattern: bits), plugin: plugin)
        }
        guard let tensor = value.bytes(8).last, let number = try scalar(ofTensor: ProtobufMessage(tensor)) else {
            return nil
        }
        return Scalar(tag: tag, value: number, plugin: plugin)
    }

    /// The element of a single-precision tensor that has one; nil for others.
    private static func scalar(ofTensor tensor: ProtobufMessage) throws(FormatError) -> Float? {
        guard tensor.integer(1) == 1 else { return nil }
        if let content = tensor.bytes(4).last, content.count == 4 {
            return Float(bitPattern: LittleEndian.uint32(content, at: 0))
        }
        switch tensor.all(5).last {
        case .fixed32(let bits): return Float(bitPattern: bits)
        case .bytes(let packed) where packed.count == 4: return Float(bitPattern: LittleEndian.uint32(packed, at: 0))
        default: return nil
        }
    }
}
