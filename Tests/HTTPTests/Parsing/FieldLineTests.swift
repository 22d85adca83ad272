import HTTP
import TestSupport
import Testing

@Suite struct FieldLineTests {
    /// Name, value and what follows the line; nil when it is not all there.
    private func parse(_ text: String, limit: Int = 100) throws(HTTPError) -> [String]? {
        let bytes = Array(text.utf8)
        guard let line = try FieldLine.parse(bytes.span, from: 0, limit: limit) else { return nil }
        return [bytes[line.field.name], bytes[line.field.value], bytes[line.next...]]
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("A: b\r\n", ["A", "b", ""]), ("A:b\r\nC: d", ["A", "b", "C: d"]),
        ("A: \t b c \t\r\n\r\n", ["A", "b c", "\r\n"]),
        ("A:\r\n", ["A", "", ""]), ("A:   \r\n", ["A", "", ""]), ("x-~!: ü: ,\r\n", ["x-~!", "ü: ,", ""]),
    ])
    func readsALine(text: String, parts: [String]) throws { #expect(try parse(text) == parts) }

    @Test(arguments: ["A", "A:", "A: b", "A: b\r", "A: b "])
    func waitsForTheRest(text: String) throws { #expect(try parse(text) == nil) }

    @Test(arguments: [
        (" A: b\r\n", "folded"), ("\tA: b\r\n", "folded"), ("A : b\r\n", "space in or after"), (": b\r\n", "no name"),
        ("A\r\n", "no colon"), ("A\n", "line feed alone"), ("A: b\n", "line feed alone"),
        ("A: b\rc", "carriage return"),
        ("A: \u{0}\r\n", "byte 0x0"), ("A\u{7f}: b\r\n", "byte 0x7f"), ("A: \u{7f}\r\n", "byte 0x7f"),
    ])
    func saysWhatIsWrong(text: String, words: String) {
        let error = #expect(throws: HTTPError.self) { _ = try parse(text) }
        #expect(error?.code == .malformedRequest)
        #expect(error?.detail.contains(words) == true, "\(error?.detail ?? "")")
    }

    @Test func theLimitIsOfTheLineWithoutItsEnd() throws {
        #expect(try parse("AB: c\r\n", limit: 5) != nil)
        for text in ["AB: cd\r\n", "AB: cd", "ABCDEF"] {
            let error = #expect(throws: HTTPError.self, "\(text)") { _ = try parse(text, limit: 5) }
            #expect(error?.code == .fieldsTooLarge, "\(text)")
        }
    }

    /// A beginning of a good line is never refused and never taken for a whole one.
    @Test(arguments: [1, 2, 3] as [UInt64]) func beginningsWait(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let names = Array("abcXYZ019-_!~".utf8)
        let values = Array("abc XYZ\t\"',:;=/é".utf8)
        for round in 0..<200 {
            let name = (0...random.below(8)).map { _ in names[random.below(names.count)] }
            let value = (0..<random.below(12)).map { _ in values[random.below(values.count)] }
            let line = name + [0x3a] + value + [0x0d, 0x0a]
            for count in 0..<line.count {
                let beginning = Array(line[..<count])
                let part = try FieldLine.parse(beginning.span, from: 0, limit: 100)
                #expect(part == nil, "seed \(seed), round \(round), \(count) bytes")
            }
            let whole = try FieldLine.parse(line.span, from: 0, limit: 100)
            #expect(whole?.next == line.count, "seed \(seed), round \(round)")
            #expect(whole.map { Array(line[$0.field.name]) } == name, "seed \(seed), round \(round)")
        }
    }
}
