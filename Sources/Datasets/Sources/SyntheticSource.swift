import Formats

/// Records made from a seed and their own number.
package struct SyntheticSource: RecordSource {
    private let definition: SyntheticDefinition
    /// The number of records.
    package let count: Int
    /// `features`, then `labels` unless there are none.
    package let layout: RecordLayout

    /// Holds the definition against sense: shapes that fit, at least one class and record.
    package init(_ definition: SyntheticDefinition) throws(DatasetError) {
        let pointer = JSONPointer("source", "synthetic")
        guard definition.examples >= 1 else {
            throw DatasetError(
                .invalidDefinition, pointer.appending("examples"),
                "must be a positive whole number, not \(definition.examples)")
        }
        var elements = [
            try SyntheticSource.spec("features", definition.type, definition.shape, pointer)
        ]
        switch definition.labels {
        case .none: break
        case .classes(let classes):
            guard 1...Int(Int32.max) ~= classes else {
                throw DatasetError(
                    .invalidDefinition, pointer.appending("labels").appending("classes"),
                    "must be a positive whole number of 32 bits, not \(classes)")
            }
            elements.append(ElementSpec(name: "labels", type: .int32, shape: []))
        case .array(let type, let shape):
            elements.append(try SyntheticSource.spec("labels", type, shape, pointer))
        }
        self.definition = definition
        count = definition.examples
        layout = RecordLayout(elements: elements, featureCount: 1)
    }

    private static func spec(
        _ name: String, _ type: ElementType, _ shape: [Int], _ pointer: JSONPointer
    ) throws(DatasetError) -> ElementSpec {
        // One record of a gibibyte is past anything that a batch of them could be made of.
        guard shape.allSatisfy({ $0 > 0 }), type.bytes(ofShape: shape) ?? .max <= 1 << 30 else {
            throw DatasetError(
                .invalidDefinition, pointer.appending(name).appending("shape"),
                "must be a list of positive numbers whose array fits in 1 GiB, not \(shape)")
        }
        return ElementSpec(name: name, type: type, shape: shape)
    }

    /// The labels of the first records, where they are classes.
    func firstLabels() throws(DatasetError) -> LabelSample? {
        guard case .classes = definition.labels else { return nil }
        var labels = [Int32](repeating: 0, count: min(count, 1000))
        for record in labels.indices { labels[record] = label(record) }
        return LabelSample(values: NDArray(labels), places: RecordLocations())
    }

    private func label(_ record: Int) -> Int32 {
        guard case .classes(let classes) = definition.labels else { return 0 }
        var random = SplitMix64(seed: definition.seed, stream: UInt64(record) << 1 | 1)
        return Int32(random.next(below: UInt64(classes)))
    }

    package func read(
        record: Int, element: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(DatasetError) {
        let spec = layout.elements[element]
        if element == 1, case .classes = definition.labels {
            buffer.storeBytes(of: label(record), as: Int32.self)
            return
        }
        var random = SplitMix64(seed: definition.seed, stream: UInt64(record) << 1 | UInt64(element & 1))
        switch spec.type {
        case .float64: fill(buffer, Double.self) { random.nextUnit() }
        case .float32: fill(buffer, Float.self) { Float(random.next() >> 40) * 0x1p-24 }
        case .float16: fill(buffer, UInt16.self) { HalfFloat.half(Float(random.next() >> 53) * 0x1p-11) }
        case .bfloat16: fill(buffer, UInt16.self) { HalfFloat.brain(Float(random.next() >> 56) * 0x1p-8) }
        case .bool: fill(buffer, UInt8.self) { UInt8(random.next() >> 63) }
        case .uint8: fill(buffer, UInt8.self) { UInt8(random.next() >> 56) }
        case .int8: fill(buffer, Int8.self) { Int8(random.next() >> 57) }
        case .uint16, .int16: fill(buffer, UInt16.self) { UInt16(random.next() >> 56) }
        case .uint32, .int32: fill(buffer, UInt32.self) { UInt32(random.next() >> 56) }
        case .uint64, .int64: fill(buffer, UInt64.self) { random.next() >> 56 }
        }
    }

    private func fill<Value: BitwiseCopyable>(
        _ buffer: UnsafeMutableRawBufferPointer, _ type: Value.Type, _ next: () -> Value
    ) {
        for offset in stride(from: 0, to: buffer.count, by: MemoryLayout<Value>.size) {
            buffer.storeBytes(of: next(), toByteOffset: offset, as: type)
        }
    }
}
