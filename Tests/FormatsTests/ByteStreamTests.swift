import Formats
import TestSupport
import Testing

@Suite struct ByteStreamTests {
    /// `gzip -n` of "tpud tpud tpud\n".
    private static let zipped: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2B, 0x29, 0x28, 0x4D, 0x51, 0x28,
        0x81, 0x11, 0x5C, 0x00, 0xCC, 0x07, 0x78, 0xFC, 0x0F, 0x00, 0x00, 0x00,
    ]
    private static let plain = Array("tpud tpud tpud\n".utf8)

    @Test func aPlainFileHasItsSize() throws {
        #expect(try ByteStream(openFile(Self.plain)).size == 15)
        #expect(try ByteStream(openFile([])).next(10) == [])
        #expect(try ByteStream(openFile([0x1F])).next(10) == [0x1F])
    }

    /// In pieces of any size, with skips of any size between, plain or compressed.
    @Test func piecesAreTheWhole() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("pieces of seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for file in [Self.plain, Self.zipped] {
            for _ in 0..<50 {
                let stream = try ByteStream(openFile(file))
                var place = 0
                while place < Self.plain.count {
                    let count = 1 + random.below(6)
                    let end = min(place + count, Self.plain.count)
                    if random.below(2) == 0 {
                        #expect(try stream.skip(count) == end - place, "seed \(seed)")
                    } else {
                        #expect(try stream.next(count) == Array(Self.plain[place..<end]), "seed \(seed)")
                    }
                    place = end
                }
                #expect(try stream.next(1) == [] && stream.skip(1) == 0)
            }
        }
    }

    @Test func membersFollowOneAnother() throws {
        let stream = try ByteStream(openFile(Self.zipped + Self.zipped))
        #expect(stream.size == nil)
        #expect(try stream.next(100) == Self.plain + Self.plain)
    }

    /// Every cut end and every other checksum is told, whatever was read before.
    @Test func damageIsTold() throws {
        for end in 2..<Self.zipped.count {
            let error = #expect(throws: FormatError.self) {
                try ByteStream(openFile(Array(Self.zipped[..<end]))).next(100)
            }
            #expect(error?.code == .truncated, "\(end)")
        }
        var other = Self.zipped
        other[other.count - 8] ^= 1
        #expect(throws: FormatError.self) { try ByteStream(openFile(other)).next(100) }
        let more = #expect(throws: FormatError.self) { try ByteStream(openFile(Self.zipped + [1])).next(100) }
        #expect(more?.code == .malformed)
    }
}
