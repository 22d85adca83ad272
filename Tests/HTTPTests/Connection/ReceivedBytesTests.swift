import HTTP
import TestSupport
import Testing

@Suite struct ReceivedBytesTests {
    private func append(_ bytes: [UInt8], to received: inout ReceivedBytes) {
        bytes.withUnsafeBytes { received.append($0) }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func agreesWithAnArray(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var received = ReceivedBytes()
        var model: [UInt8] = []
        var last: UInt8 = 0
        for step in 0..<3_000 {
            switch random.below(8) {
            case 0..<4:
                let bytes = (0..<random.below(300)).map { _ in
                    last &+= 1
                    return last
                }
                append(bytes, to: &received)
                model += bytes
            case 4 where random.below(20) == 0:
                received.drop()
                model = []
            default:
                let (bytes, start) = received.moveOut()
                #expect(bytes[start...].elementsEqual(model), "seed \(seed), step \(step)")
                #expect(received.isEmpty, "seed \(seed), step \(step)")
                let used = random.below(model.count + 1)
                received.moveBack(bytes, used: start + used, isPartOfHead: random.below(2) == 0)
                model.removeFirst(used)
            }
            #expect(received.count == model.count, "seed \(seed), step \(step)")
            #expect(received.isEmpty == model.isEmpty, "seed \(seed), step \(step)")
        }
    }

    @Test func aPartOfAHeadIsLookedAtAgainWhenALineEndsOrMuchCame() {
        func looked(_ more: [UInt8]) -> Bool {
            var received = ReceivedBytes()
            append(Array("GET / HTTP/1.1\r\nHo".utf8), to: &received)
            let (bytes, _) = received.moveOut()
            received.moveBack(bytes, used: 0, isPartOfHead: true)
            append(more, to: &received)
            return received.mayHoldHead
        }
        #expect(!looked([]))
        #expect(!looked(Array("st: h".utf8)))
        #expect(looked(Array("st: h\r\n".utf8)))
        #expect(!looked([UInt8](repeating: 0x61, count: 4_095)))
        #expect(looked([UInt8](repeating: 0x61, count: 4_096)))
    }

    @Test func bytesThatAreNoPartOfAHeadAreAlwaysLookedAt() {
        var received = ReceivedBytes()
        [UInt8]([0x47]).withUnsafeBytes { received.append($0, isPartOfHead: false) }
        #expect(received.mayHoldHead)
        received.drop()
        [UInt8]([0x47]).withUnsafeBytes { received.append($0, isPartOfHead: true) }
        #expect(!received.mayHoldHead)
    }
}
