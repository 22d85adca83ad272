import Formats
import OrderedCollections
import Testing

@Suite struct SafetensorsTests {
    private func file(_ header: String, data: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
            + [UInt8](repeating: 0, count: data)
    }

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

    static let refused: [(String, Int, FormatError.Code)] = [
        ("[]", 0, .malformed), (" {}", 0, .malformed), ("{", 0, .malformed),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, .truncated),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, .malformed),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, 8, .malformed),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, .malformed),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, .malformed),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, .malformed),
        (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, .malformed),
        (#"{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}"#, 4, .unsupported),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, .malformed),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 4, .malformed),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, .malformed),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
            4, .malformed
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
            12, .malformed
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            8, .malformed
        ),
        (#"{"__metadata__":{"a":1}}"#, 0, .malformed), (#"{"__metadata__":[]}"#, 0, .malformed),
    ]

    @Test(arguments: refused) func refuses(header: String, data: Int, code: FormatError.Code) {
        let error = #expect(throws: FormatError.self) { try Safetensors(parsing: file(header, data: data)) }
        #expect(error?.code == code)
    }

    @Test func refusesHeadersThatAreNotThere() {
        #expect(throws: FormatError.self) { try Safetensors(parsing: []) }
        #expect(throws: FormatError.self) { try Safetensors(parsing: [1, 0, 0]) }
        #expect(throws: FormatError.self) { try Safetensors(parsing: [UInt8](repeating: 0xFF, count: 16)) }
        #expect(throws: FormatError.self) { try Safetensors(parsing: [9, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D]) }
        #expect(throws: FormatError.self) { try Safetensors(path: "/nowhere/at/all") }
    }
}
