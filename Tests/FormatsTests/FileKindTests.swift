import Formats
import OrderedCollections
import Testing

@Suite struct FileKindTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    static let known: [([UInt8], FileKind)] = [
        ([0x1F, 0x8B, 8, 0], .gzip), (bytes("BZh91AY&SY"), .bzip2), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .xz),
        ([0x28, 0xB5, 0x2F, 0xFD, 1], .zstd), (bytes("PK\u{3}\u{4}"), .zip), ([0xFF, 0xFE, 0x61, 0], .utf16),
        ([0xFE, 0xFF, 0, 0x61], .utf16), ([0xFF, 0xFE, 0, 0], .utf32),
        (Array("a,b,label\n1,2,3\n".utf16).flatMap { [UInt8($0), 0] }, .utf16),
        (Array("a,b,label\n1,2,3\n".utf16).flatMap { [0, UInt8($0)] }, .utf16),
        (Array("a,b,label\n".utf16).flatMap { [UInt8($0), 0, 0, 0] }, .utf32),
        (bytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"), .largeFilePointer),
        (bytes("/annex/objects/SHA256E-s1--0.csv\n"), .largeFilePointer),
        ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], .hdf5),
        ([0, 0, 8, 3, 0, 0, 0, 10], .idx),
        (Safetensors(tensors: ["a": NDArray([1] as [Float])]).serialized(), .safetensors),
        ([0x80, 0x02, 0, 0, 0, 0, 0, 0, 0x7B, 0x22], .safetensors), ([0x80, 0x02, 0x7D, 0x71, 0], .pickle),
        (bytes("<!DOCTYPE html>\n<html>"), .html), (bytes("PAR1\u{15}\u{4}"), .parquet),
    ]

    @Test(arguments: known) func isTold(bytes: [UInt8], kind: FileKind) { #expect(FileKind(bytes) == kind) }

    @Test(arguments: [
        "", "a,b,label\n0,0,0\n", "a;b;label\n", "PAR1,PAR2\n1,2\n", "BZhx,b\n", "\u{FEFF}a,b\n1,2\n", "é,ü\n", "1\n",
        "version,b\n1,2\n", "{\"a\":1}",
    ]) func textIsNone(text: String) { #expect(FileKind(Self.bytes(text)) == nil) }

    @Test func everyKindHasWords() {
        for kind in FileKind.allCases {
            #expect(kind.mismatch(expected: "a CSV file").detail.hasPrefix("is \(kind.words), not a CSV file"))
        }
    }

    @Test func readersTellIt() throws {
        func detail(_ read: () throws -> Void) -> String {
            do { try read() } catch { return "\(error)" }
            return ""
        }
        let bzip2 = Self.bytes("BZh91AY&SYxxxxxxxx")
        let pointer = Self.bytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
        #expect(
            detail { _ = try CSVNumbers.header(CSVReader(try ByteStream(openFile(bzip2)))) }
                == "is a file compressed with bzip2, not a CSV file; decompress it first")
        #expect(detail { _ = try IDX.check(openFile(bzip2)) }.contains("bzip2, not an IDX file"))
        #expect(detail { _ = try SafetensorsFile(openFile(pointer)) }.contains("large-file pointer"))
        #expect(detail { _ = try SafetensorsFile(openFile(gzip(bzip2))) }.contains("gzip"))
        // What was compressed is told, too.
        #expect(detail { _ = try IDX.check(openFile(gzip(bzip2))) }.contains("bzip2"))
        #expect(detail { _ = try SafetensorsFile(openFile(Self.bytes("hello, this is text"))) }.hasPrefix("is text"))
        #expect(
            detail { _ = try CSVNumbers.header(CSVReader(try ByteStream(openFile([0x61, 0, 0x62])))) }.contains("zero"))
    }
}
