import Formats
import OrderedCollections
import Testing

@Suite struct SafetensorsTests {
    @Test func readsWhatItWrites() throws {
        let tensors = Safetensors(
            tensors: [
                "b/kernel": NDArray([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]),
                "step": NDArray([7 as Int64], shape: []),
                "a": NDArray([1, 2] as [UInt8]), "empty": NDArray([] as [Float], shape: [0, 3]),
            ], metadata: ["z": "1", "format": "tpud"])
        let bytes = tensors.serialized()
        let read = try Safetensors(parsing: bytes)
        #expect(
            Dictionary(uniqueKeysWithValues: read.tensors.map { ($0, $1) })
                == Dictionary(uniqueKeysWithValues: tensors.tensors.map { ($0, $1) }))
        #expect(Array(read.tensors.keys) == ["step", "b/kernel", "empty", "a"])
        #expect(read.metadata == ["format": "tpud", "z": "1"])
        #expect(try read["b/kernel"]?.elements(as: Float.self) == [1, 2, 3, 4, 5, 6])
        #expect(read.serialized() == bytes)
        #expect(try SafetensorsHeader.length(bytes, fileSize: bytes.count) % 8 == 0)
    }

    /// The same bytes whatever the order, every tensor aligned to its type: the wider types come first.
    @Test func theOrderOfATypeIsItsWidth() throws {
        let all = ElementType.allCases.map { ("t-\($0)", NDArray(zeros: $0, shape: [3])) }
        let bytes = Safetensors(tensors: OrderedDictionary(uniqueKeysWithValues: all)).serialized()
        #expect(Safetensors(tensors: OrderedDictionary(uniqueKeysWithValues: all.reversed())).serialized() == bytes)
        let read = try Safetensors(parsing: bytes)
        let types = read.tensors.values.map(\.type)
        #expect(types.map(\.size) == types.map(\.size).sorted(by: >))
        #expect(Set(types) == Set(ElementType.allCases))
        // The reference implementation's own order of those of one width.
        #expect(
            types == [
                .uint64, .int64, .float64, .float32, .uint32, .int32, .bfloat16, .float16, .uint16, .int16, .int8,
                .uint8,
                .bool,
            ])
    }

    @Test func nothingAtAllIsAFile() throws {
        let bytes = Safetensors().serialized()
        #expect(bytes == [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
        #expect(try Safetensors(parsing: bytes) == Safetensors())
    }
}
