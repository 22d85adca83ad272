import API
import TestSupport
import Testing

@Suite struct BearerTokenTests {
    @Test func aNewOneReadsBack() throws {
        var generator = SeededGenerator(seed: 7)
        var ids: Set<String> = []
        for _ in 0..<100 {
            let token = BearerToken(using: &generator)
            #expect(token.text.utf8.count == 78 && token.text.hasPrefix("tpud_\(token.id)_"))
            #expect(BearerToken(token.text)?.id == token.id)
            ids.insert(token.id)
        }
        #expect(ids.count == 100)
    }

    @Test func noneReadsBackThatIsNotWrittenSo() {
        let secret = String(repeating: "0f", count: 32)
        #expect(BearerToken("tpud_0123abcd_\(secret)") != nil)
        for text in [
            "", "tpud_", "tpud_0123abcd", "tpud_0123abcd_", "0123abcd_\(secret)", "TPUD_0123abcd_\(secret)",
            "tpud_0123ABCD_\(secret)", "tpud_0123abc_\(secret)", "tpud_0123abcd_\(secret)0", "tpud_0123abcd_\(secret) ",
            "tpud_0123abcd__\(secret)", "tpud_0123abcd_\(secret)_", "tpud_0123abcd_\(secret.dropLast())g",
            "tpud_0123abcd_\(secret.dropLast())\u{e9}",
        ] {
            #expect(BearerToken(text) == nil, "\(text)")
        }
    }

    @Test func theSchemeIsBearerInEitherCase() {
        let token = "tpud_0123abcd_" + String(repeating: "0f", count: 32)
        for field in ["Bearer \(token)", "bearer \(token)", "BEARER   \(token)"] {
            #expect(BearerToken(authorization: field)?.text == token, "\(field)")
        }
        for field in [
            "", "Bearer", "Bearer ", token, "Basic \(token)", "Bearer\t\(token)", "Bearer \(token) ",
            "Bearer \(token), x",
        ] {
            #expect(BearerToken(authorization: field) == nil, "\(field)")
        }
    }

    @Test func whatIsPrintedByMistakeTellsNoSecret() {
        var generator = SeededGenerator(seed: 8)
        let token = BearerToken(using: &generator)
        var dumped = ""
        dump(token, to: &dumped)
        for words in ["\(token)", String(reflecting: token), String(describing: [token]), dumped] {
            #expect(words.contains(token.id) && !words.contains(token.text.suffix(64)), "\(words)")
        }
    }
}
