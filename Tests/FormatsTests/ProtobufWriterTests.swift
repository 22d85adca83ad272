import Formats
import TestSupport
import Testing

@Suite struct ProtobufWriterTests {
    /// The examples of the format's own description.
    @Test func bytes() {
        var message = ProtobufWriter()
        message.add(1, integer: 150)
        #expect(message.bytes == [0x08, 0x96, 0x01])
        message = ProtobufWriter()
        message.add(2, text: "testing")
        #expect(message.bytes == [0x12, 0x07] + Array("testing".utf8))
        var outer = ProtobufWriter()
        outer.add(3) { $0.add(1, integer: 150) }
        #expect(outer.bytes == [0x1A, 0x03, 0x08, 0x96, 0x01])
        message = ProtobufWriter()
        message.add(1, integer: -2)
        #expect(message.bytes == [0x08, 0xFE] + [UInt8](repeating: 0xFF, count: 8) + [0x01])
        message = ProtobufWriter()
        message.add(16, float: 1)
        #expect(message.bytes == [0x85, 0x01, 0, 0, 0x80, 0x3F])
    }

    /// What is written is read again.
    @Test func readAgain() throws {
        let seed: UInt64 = 41
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var message = ProtobufWriter()
            var fields: [ProtobufMessage.Value] = []
            var numbers: [Int] = []
            for _ in 0..<random.below(8) {
                let number = 1 + random.below(1 << 20)
                numbers.append(number)
                switch random.below(3) {
                case 0:
                    let integer = Int64(bitPattern: random.next() >> UInt64(random.below(64)))
                    message.add(number, integer: integer)
                    fields.append(.varint(UInt64(bitPattern: integer)))
                case 1:
                    let float = Float(random.below(1000)) / 7
                    message.add(number, float: float)
                    fields.append(.fixed32(float.bitPattern))
                default:
                    let bytes = (0..<random.below(300)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                    message.add(number, bytes: bytes)
                    fields.append(.bytes(bytes))
                }
            }
            let read = try ProtobufMessage(message.bytes)
            #expect(read.fields.map(\.value) == fields && read.fields.map(\.number) == numbers, "seed \(seed)")
        }
    }
}
