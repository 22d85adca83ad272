import Formats
import Testing
import TestSupport
import WorkerProtocol

@Suite struct FrameCodecTests {
    @Test func shortPartsAreJoinedAndLongOnesLeft() {
        let short = [UInt8](repeating: 1, count: 10), long = [UInt8](repeating: 2, count: 1 << 16)
        #expect(FrameCodec.joined([]) == [])
        #expect(FrameCodec.joined([short, short, short]) == [short + short + short])
        #expect(FrameCodec.joined([short, short, long, short]) == [short + short, long, short])
        #expect(FrameCodec.joined([long, long]) == [long, long])
    }

    @Test func anAssignmentWithItsSpecificationAsTextIsTheSameFrame() throws {
        for spec in ["{}", #"{"mode":"train","name":"ü\\n","more":[1,2.5,{"a":null}]}"#] {
            var assignment = DaemonFrameTests.assignment
            assignment.memoryBytes = 1 << 40
            var decoder = FrameDecoder(limit: FrameCodec.daemonLimit)
            decoder.append(FrameCodec.encode(assignment, spec: spec))
            let json = try #require(try decoder.next())
            assignment.spec = try JSON(parsing: spec)
            #expect(try DaemonFrame(json) == .start(assignment))
            try decoder.finish()
        }
    }

    @Test func lengthsAreChecked() throws {
        for bytes: [UInt8] in [[0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 11]] {
            var decoder = FrameDecoder(limit: 10)
            decoder.append(bytes)
            #expect(throws: FrameError.self) { try decoder.next() }
        }
        for body in ["[]", "1", "{", "{\"a\":1,\"a\":2}", "\u{FEFF}{}"] {
            var decoder = FrameDecoder(limit: 100)
            decoder.append([0, 0, 0, UInt8(body.utf8.count)])
            decoder.append(body.utf8)
            #expect(throws: FrameError.self) { try decoder.next() }
        }
        var decoder = FrameDecoder(limit: 10)
        decoder.append([0, 0, 0, 5, 1])
        #expect(try decoder.next() == nil)
        #expect(throws: FrameError.truncated(bytes: 5)) { try decoder.finish() }
    }

    @Test(
        arguments: [
            (0, [0, 0, 0, 0]), (1, [0, 0, 0, 1]), (0x0102_0304, [1, 2, 3, 4]), (1 << 32, [255, 255, 255, 255]),
            (-1, [0, 0, 0, 0]),
        ] as [(Int, [UInt8])])
    func aLengthIsFourBytesMostSignificantFirst(count: Int, bytes: [UInt8]) {
        #expect(FrameCodec.prefix(count) == bytes)
    }

    /// However the bytes are cut, the same frames and pieces come out, also past the point where the buffer is given back.
    @Test(arguments: UInt64(0)..<6)
    func theCutsDoNotMatter(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let frames: [JSON] = (0..<20).map { number in
            ["number": JSON(number), "text": .string(String(repeating: "x", count: generator.below(200_000)))]
        }
        let piece = [UInt8](repeating: 7, count: generator.below(1 << 20))
        var bytes = frames.flatMap { FrameCodec.encode($0) } + FrameCodec.prefix(piece.count) + piece
        var decoder = FrameDecoder(limit: 1 << 21)
        var found: [JSON] = []
        var last: [UInt8]?
        while !bytes.isEmpty {
            let count = min(bytes.count, 1 + generator.below(1 << 18))
            decoder.append(bytes.prefix(count))
            bytes.removeFirst(count)
            while found.count < frames.count, let frame = try decoder.next() { found.append(frame) }
            if found.count == frames.count, last == nil { last = try decoder.nextPiece() }
        }
        #expect(found == frames, "seed \(seed)")
        #expect(last == piece, "seed \(seed)")
        try decoder.finish()
    }

    @Test func aPieceMayBeEmptyAndAFrameMayNot() throws {
        var decoder = FrameDecoder(limit: 10)
        decoder.append([0, 0, 0, 0])
        #expect(try decoder.nextPiece() == [])
        decoder.append([0, 0, 0, 0])
        #expect(throws: FrameError.length(0, limit: 10)) { try decoder.next() }
    }
}
