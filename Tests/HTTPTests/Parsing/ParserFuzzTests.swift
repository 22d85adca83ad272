import HTTP
import HTTPProperties
import Testing
import TestSupport

@Suite struct ParserFuzzTests {
    private static let heads = [
        "GET /v1/jobs/%41?a=b&c=%20 HTTP/1.1\r\nHost: a.example:80\r\nAccept: */*\r\n\r\nGET ",
        "POST http://h/x HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n{}",
        "\r\nOPTIONS * HTTP/1.0\r\nConnection: keep-alive, close\r\nX: \t y \r\n\r\n",
        "PUT /a HTTP/1.1\r\nHost:h\r\nTransfer-Encoding: chunked\r\nConnection: x ,close\r\n\r\n",
    ]
    private static let bodies = [
        "5\r\nhello\r\n0\r\n\r\nGET /",
        "a;x=y;z=\"1\"\r\n0123456789\r\n1 ;q\r\nz\r\n000\r\nX-T: v\r\nY: w\r\n\r\n",
        "0\r\n\r\n",
    ]
    private static let words = [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", "%", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n",
        "Host: x\r\n", "ffffffffffffffff", "0x", "+", ";", ",", "HTTP/1.1", "\u{e9}", "/../", "?", "#",
    ]

    private func mutated(_ text: String, _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let index = bytes.indices.randomElement(using: &random) ?? 0
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[index] = .random(in: 0 ... .max, using: &random)
            case 1: bytes.remove(at: index)
            case 4: bytes.removeSubrange(index...)
            case 2: bytes.insert(contentsOf: Self.words.randomElement(using: &random)?.utf8 ?? "".utf8, at: index)
            case 3:
                let end = min(bytes.count, index + Int.random(in: 1...20, using: &random))
                bytes.insert(contentsOf: bytes[index..<end], at: index)
            default: bytes.insert(contentsOf: repeatElement(bytes[index], count: 150), at: index)
            }
        }
        return bytes
    }

    @Test(arguments: [1, 0xbeef, 20_261_125] as [UInt64])
    func headsReadInPartsAreReadAlike(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var outcomes: [String: Int] = [:]
        for round in 0..<200 {
            let bytes = mutated(Self.heads[round % Self.heads.count], &random)
            let broken = ParserProperties.splitsAgree(bytes)
            #expect(
                broken == nil,
                "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            switch ParserProperties.head(bytes[...]) {
            case .incomplete: outcomes["incomplete", default: 0] += 1
            case .head: outcomes["head", default: 0] += 1
            case .error: outcomes["error", default: 0] += 1
            }
        }
        // The mutations must reach every kind of outcome, or they test nothing.
        for kind in ["incomplete", "head", "error"] { #expect(outcomes[kind, default: 0] > 8, "\(outcomes)") }
    }

    @Test(arguments: [7, 0xcafe, 3_141_592] as [UInt64])
    func chunkedBodiesReadInPartsAreReadAlike(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var complete = 0
        var refused = 0
        for round in 0..<400 {
            let bytes = mutated(Self.bodies[round % Self.bodies.count], &random)
            let broken = ParserProperties.chunksAgree(bytes)
            #expect(
                broken == nil,
                "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            let whole = ParserProperties.chunks(bytes, cut: 0)
            complete += whole.isComplete ? 1 : 0
            refused += whole.error == nil ? 0 : 1
        }
        #expect(complete > 20 && refused > 20, "\(complete) complete, \(refused) refused")
    }

    @Test func theUnchangedSeedsAreReadInPartsAlike() {
        for text in Self.heads { #expect(ParserProperties.splitsAgree(Array(text.utf8)) == nil, "\(text)") }
        for text in Self.bodies { #expect(ParserProperties.chunksAgree(Array(text.utf8)) == nil, "\(text)") }
    }
}
