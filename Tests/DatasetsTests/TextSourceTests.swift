import Datasets
import Formats
import TestSupport
import Testing

/// The bytes of a file in sequences, with the bytes one further on as labels.
@Suite struct TextSourceTests {
    private static func source(_ length: Int, _ stride: Int? = nil, path: String = "a.txt") -> SourceDefinition {
        .text(TextDefinition(path: path, sequenceLength: length, sequenceStride: stride))
    }

    /// Every record of the input as texts.
    private func records(_ source: SourceDefinition, in folder: TemporaryFolder) throws -> [[String]] {
        let data = try InputPipeline(source: source).open(DataRoots([folder.path]))
        let iterator = try data.batches(ofSize: 1)
        var records: [[String]] = []
        while let batch = try iterator.next() {
            records.append(batch.map { String(decoding: $0.bytes, as: UTF8.self) })
        }
        return records
    }

    @Test func labelsAreOneFurtherOn() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.txt", "abcdefgh")
        #expect(try records(Self.source(3), in: folder) == [["abc", "bcd"], ["def", "efg"]])
        #expect(try records(Self.source(3, 2), in: folder) == [["abc", "bcd"], ["cde", "def"], ["efg", "fgh"]])
        #expect(try records(Self.source(3, 5), in: folder) == [["abc", "bcd"]])
        #expect(try records(Self.source(7), in: folder) == [["abcdefg", "bcdefgh"]])
        #expect(try records(Self.source(1, 7), in: folder) == [["a", "b"]])
    }

    /// Each sequence that fits with its labels, and none else, whatever the numbers are.
    @Test func sequencesAreThoseThatFit() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("sequences of seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        for _ in 0..<50 {
            let bytes = (0..<Int.random(in: 2...40, using: &generator)).map { _ in
                UInt8.random(in: 97...122, using: &generator)
            }
            try folder.write("a.txt", bytes)
            let length = Int.random(in: 1..<bytes.count, using: &generator)
            let stride = Int.random(in: 1...10, using: &generator)
            let expected = Swift.stride(from: 0, to: bytes.count, by: stride).filter { $0 + length < bytes.count }
                .map { start in
                    [start, start + 1].map { String(decoding: bytes[$0..<($0 + length)], as: UTF8.self) }
                }
            let source = Self.source(length, stride)
            #expect(try records(source, in: folder) == expected, "seed \(seed): \(length), \(stride) of \(bytes.count)")
            #expect(try source.check(DataRoots([folder.path]), SourceLimits()).count == expected.count, "seed \(seed)")
        }
    }

    @Test func aCompressedFileIsRead() throws {
        let folder = try TemporaryFolder()
        // gzip of "hello".
        try folder.write(
            "a.txt.gz",
            [
                31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 72, 205, 201, 201, 7, 0, 134, 166, 16, 54, 5, 0, 0, 0,
            ])
        let source = Self.source(2, path: "a.txt.gz")
        #expect(try records(source, in: folder) == [["he", "el"], ["ll", "lo"]])
        let summary = try source.check(DataRoots([folder.path]), SourceLimits())
        #expect(summary.count == nil)
        #expect(
            summary.layout
                == RecordLayout(
                    elements: [
                        ElementSpec(name: "features", type: .uint8, shape: [2]),
                        ElementSpec(name: "labels", type: .uint8, shape: [2]),
                    ], featureCount: 1))
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.txt", "abcd")
        try folder.write("empty.txt", "")
        #expect(refusal(Self.source(3), in: folder) == [])
        #expect(
            refusal(Self.source(4), in: folder) == [
                "/source/text/sequence_length: 4 and the byte behind need 5 bytes, but a.txt holds 4"
            ])
        #expect(
            refusal(Self.source(.max), in: folder) == [
                "/source/text/sequence_length: \(Int.max) and the byte behind need \(Int.max) bytes, but a.txt holds 4"
            ])
        #expect(
            refusal(Self.source(1, path: "empty.txt"), in: folder) == [
                "/source/text/sequence_length: 1 and the byte behind need 2 bytes, but empty.txt holds 0"
            ])
        #expect(
            refusal(Self.source(0), in: folder) == [
                "/source/text/sequence_length: must be a positive whole number, not 0"
            ])
        #expect(
            refusal(Self.source(1, 0), in: folder) == [
                "/source/text/sequence_stride: must be a positive whole number, not 0"
            ])
        #expect(
            refusal(Self.source(1, path: "b.txt"), in: folder) == [
                "/source/text/path: b.txt does not exist under the data roots"
            ])
        #expect(
            refusal(Self.source(1), in: folder, limits: SourceLimits(bytes: 3)) == [
                "/source/text/path: a.txt holds more than the limit of 3 bytes"
            ])
    }
}
