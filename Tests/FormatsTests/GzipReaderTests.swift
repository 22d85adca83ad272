import Formats
import TestSupport
import Testing

@Suite struct GzipReaderTests {
    /// `gzip -n` of "tpud tpud tpud\n".
    private static let zipped: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2B, 0x29, 0x28, 0x4D, 0x51, 0x28,
        0x81, 0x11, 0x5C, 0x00, 0xCC, 0x07, 0x78, 0xFC, 0x0F, 0x00, 0x00, 0x00,
    ]
    private static let plain = Array("tpud tpud tpud\n".utf8)
    /// The reader takes so many bytes of the file at once.
    private static let piece = 1 << 16

    /// The contents, read with buffers of the size that the closure gives for each.
    private func read(_ file: [UInt8], size: () -> Int = { 1000 }) throws(FormatError) -> [UInt8] {
        let reader: GzipReader
        do {
            reader = GzipReader(try openFile(file))
        } catch {
            throw error as? FormatError ?? FormatError(.inputOutput, "\(error)")
        }
        var contents: [UInt8] = []
        while true {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size(), alignment: 1)
            defer { buffer.deallocate() }
            let count = try reader.read(into: buffer)
            contents += buffer[..<count]
            if count < buffer.count {
                // The end is the end for good.
                #expect(try reader.read(into: buffer) == 0)
                return contents
            }
        }
    }

    @Test func isToldByItsFirstTwoBytes() {
        #expect(GzipReader.isGzip([0x1F, 0x8B]) && GzipReader.isGzip(Self.zipped))
        for prefix in [[], [0x1F], [0x8B, 0x1F], [0x1F, 0x8A], [0x1E, 0x8B]] as [[UInt8]] {
            #expect(!GzipReader.isGzip(prefix))
        }
    }

    /// Whatever the contents, the members they are cut into and the buffers they are read with.
    @Test func membersAreReadOneAfterAnother() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("members of seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            var (file, contents): ([UInt8], [UInt8]) = ([], [])
            for _ in 0...random.below(3) {
                let member = (0..<random.below(3000)).map { _ in UInt8(random.below(200)) }
                file += gzip(member) + [UInt8](repeating: 0, count: random.below(3))
                contents += member
            }
            #expect(try read(file, size: { 1 + random.below(700) }) == contents, "seed \(seed)")
        }
    }

    /// A member, and the zeros behind it, may end where a piece of the file does, before it or after it.
    @Test func endsOfPiecesAreNoEnds() throws {
        var random = SeededGenerator(seed: 1)
        let noise = (0..<200_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let large = gzip(noise)
        #expect(large.count > 2 * Self.piece, "several pieces")
        #expect(try read(large + Self.zipped) == noise + Self.plain)
        for end in [Self.piece - 1, Self.piece, Self.piece + 1, 2 * Self.piece] {
            let filled = Self.zipped + [UInt8](repeating: 0, count: end - Self.zipped.count)
            #expect(try read(filled) == Self.plain, "\(end)")
            #expect(try read(filled + Self.zipped) == Self.plain + Self.plain, "\(end)")
        }
    }

    @Test func nothingIsReadOfNothing() throws {
        #expect(try read(gzip([])) == [])
        #expect(try read(gzip([]) + gzip([]) + [0, 0]) == [])
        let reader = GzipReader(try openFile(Self.zipped))
        #expect(try reader.read(into: UnsafeMutableRawBufferPointer(start: nil, count: 0)) == 0)
    }

    @Test func whatIsWrongIsTold() {
        var damaged = Self.zipped
        damaged[12] ^= 0x10
        let table: [([UInt8], FormatError.Code, String)] = [
            ([], .truncated, "The gzip data ends after 0 bytes, in the middle of a member"),
            (Array(Self.zipped.prefix(20)), .truncated, "The gzip data ends after 20 bytes, in the middle of a member"),
            (Self.zipped + [0x1F], .truncated, "The gzip data ends after 29 bytes, in the middle of a member"),
            (damaged, .malformed, "The gzip data is damaged"),
            (Array("tpud".utf8), .malformed, "The gzip data is damaged"),
            (Self.zipped + [0x1F, 0, 0], .malformed, "The gzip data is damaged"),
            (Self.zipped + [0, 0, 7], .malformed, "Something else follows the gzip data"),
        ]
        for (file, code, detail) in table {
            let error = #expect(throws: FormatError.self) { try read(file) }
            #expect(error == FormatError(code, detail))
        }
    }

    /// A flipped bit is told wherever it is, unless it says nothing of the contents: the time, the effort, the system,
    /// and whether they may be text (RFC 1952 section 2.3.1).
    @Test func everyFlippedBitIsTold() {
        for index in Self.zipped.indices {
            for bit in 0..<8 {
                var file = Self.zipped
                file[index] ^= 1 << UInt8(bit)
                // Nor does the filling of the last byte before the checksum.
                let isFree = 4...9 ~= index || index == 3 && bit == 0 || index == 19 && bit == 7
                let contents = try? read(file)
                #expect(contents == (isFree ? Self.plain : nil), "bit \(bit) of byte \(index)")
            }
        }
    }
}
