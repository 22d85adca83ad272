import Formats
import Testing
import TestSupport

@Suite struct TerminalTextTests {
    @Test func controlsAndDirectionsAreShownByTheirCodes() {
        #expect(TerminalText.escaped("\u{1B}[2Jgone") == "\\u001b[2Jgone")
        #expect(TerminalText.escaped("a\u{202E}b\u{2066}c\u{200F}") == "a\\u202eb\\u2066c\\u200f")
        #expect(TerminalText.escaped("\u{7F}\u{85}\u{9B}31m\r\n") == "\\u007f\\u0085\\u009b31m\\u000d\\u000a")
        #expect(TerminalText.escaped("a\tb\nc\rd", keepingLines: true) == "a\tb\nc\\u000dd")
    }

    @Test func ordinaryTextStays() {
        for text in ["", "digits-mlp", "é e\u{301} 日本語 \u{1F468}\u{200D}\u{1F469}", "עברית العربية", "\\u001b"] {
            #expect(TerminalText.escaped(text) == text)
        }
    }

    /// Wherever a stream is cut, the pieces are shown as the whole is, and nothing that is escaped gets through.
    @Test func aStreamMayBeCutAnywhere() {
        let seed = UInt64.random(in: 1 ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let pieces: [[UInt8]] = [
            Array("loss 0.5\n".utf8), Array("é".utf8), Array("日本".utf8), Array("\u{1F600}".utf8), [0x1B, 0x5B],
            Array("\u{202E}".utf8), [0xC3], [0xF0, 0x9F], [0x80], [0xFF], [0xC2, 0x9B], Array("\r\t".utf8),
        ]
        for _ in 0..<500 {
            let bytes = (0..<8).flatMap { _ in pieces.randomElement(using: &random) ?? [] }
            let whole = TerminalText.escaped(String(decoding: bytes, as: UTF8.self), keepingLines: true)
            var stream = TerminalText()
            var shown = ""
            var place = 0
            while place < bytes.count {
                let next = min(bytes.count, place + Int.random(in: 1...5, using: &random))
                shown += stream.escape(bytes[place..<next])
                place = next
            }
            shown += stream.end()
            #expect(shown == whole, "seed \(seed), bytes \(bytes)")
            #expect(!shown.unicodeScalars.contains { TerminalText.isEscaped($0) && $0 != "\n" && $0 != "\t" })
        }
    }
}
