import Formats
import Foundation
import OrderedCollections
import Testing

@Suite struct SafetensorsFileTests {
    private static let whole = Safetensors(
        tensors: [
            "x": NDArray([1, 2, 3, 4] as [Float], shape: [2, 2]), "y": NDArray([7, 9] as [UInt8]),
            "none": NDArray([] as [Float], shape: [0, 3]),
        ], metadata: ["k": "v"])

    @Test func tensorsAreReadWhenAskedFor() throws {
        let file = try SafetensorsFile(openFile(Self.whole.serialized()))
        #expect(file.header.metadata == ["k": "v"])
        #expect(try file.tensor("x") == NDArray([1, 2, 3, 4] as [Float], shape: [2, 2]))
        #expect(try file.tensor("none") == NDArray([] as [Float], shape: [0, 3]))
        #expect(try file.tensor("z") == nil)
        let all = try file.all()
        #expect(all.metadata == Self.whole.metadata && all.tensors.count == 3)
        #expect(all["y"] == NDArray([7, 9] as [UInt8]) && all["x"] == Self.whole["x"])
    }

    /// What was written for another program is told by what it is.
    @Test func otherFilesAreTold() throws {
        let table: [([UInt8], FormatError)] = [
            (
                [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 20),
                FormatError(
                    .unsupported,
                    "is a zip archive (as .zip, .xlsx, .npz, .keras and .pt files are), not a safetensors file; unpack it "
                        + "first")
            ),
            (
                gzip(Self.whole.serialized()),
                FormatError(
                    .unsupported, "is a file compressed with gzip, not a safetensors file; decompress it first")
            ),
            ([], FormatError(.truncated, "A safetensors file has at least 8 bytes, not 0")),
            (
                Array("x,y,label\n".utf8),
                FormatError(.malformed, "is text, not a safetensors file, which begins with its header's length")
            ),
            (
                Array(Self.whole.serialized().dropLast()),
                FormatError(.truncated, "The tensors take 18 bytes, but the file has 17 of them")
            ),
        ]
        for (bytes, expected) in table {
            #expect(throws: expected) { try SafetensorsFile(openFile(bytes)) }
        }
        #expect(throws: FormatError(.unreadable, "does not exist", systemError: ENOENT)) {
            try SafetensorsFile(path: "/nowhere/at/all")
        }
    }

    /// A file that somebody writes anew while it is read gives an error, not other numbers.
    @Test func aFileThatBecomesShorterIsTold() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("tpud-\(UUID().uuidString)")
        let bytes = Self.whole.serialized()
        try Data(bytes).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        let file = try SafetensorsFile(path: url.path)
        #expect(truncate(url.path, off_t(bytes.count - 1)) == 0)
        #expect(try file.tensor("x") == Self.whole["x"])
        let error = FormatError(.truncated, "The file has become shorter while it was read")
        #expect(throws: error) { try file.tensor("y") }
        #expect(throws: error) { try file.all() }
    }
}
