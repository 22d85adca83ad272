import Formats
import Testing

@Suite struct HiddenCharacterTests {
    @Test(
        arguments: [
            ("a\u{1B}[2J", "the control character U+001B"), ("\u{0}", "the control character U+0000"),
            ("x\u{7F}", "the control character U+007F"), ("x\u{85}", "the control character U+0085"),
            ("a\u{202E}b", "the bidirectional character U+202E"), ("\u{2066}", "the bidirectional character U+2066"),
            ("\u{200F}", "the bidirectional character U+200F"), ("\u{61C}", "the bidirectional character U+061C"),
            ("a\u{2028}", "the separating character U+2028"), ("a\nb", "the control character U+000A"),
        ]) func isFound(text: String, words: String)
    {
        #expect(HiddenCharacter(in: text)?.description == words)
    }

    /// Letters of any script, joiners that they are written with, and pictures are names.
    @Test(arguments: ["", "dense_1", "a b", "é", "e\u{301}", "می\u{200C}خواهم", "👩\u{200D}🔬", "層", "\u{FFFF}"])
    func isNotFound(text: String) { #expect(HiddenCharacter(in: text) == nil) }

    @Test func everyStringOfASpecIsHeldAgainstIt() {
        let faults = SpecErrors()
        let reader = ObjectReader(["name": "a\u{1B}b", "list": ["x", "\u{202E}"]], faults: faults)
        #expect(reader.string("name") == nil)
        #expect(reader.strings("list") == nil)
        #expect(
            faults.all.map(\.description) == [
                "/name: must not hold the control character U+001B",
                "/list/1: must not hold the bidirectional character U+202E",
            ])
    }

    @Test func messagesShowThemAsEscapes() {
        #expect("a\u{202E}b\u{7F}\n".quotedForMessage == "\"a\\u202eb\\u007f\\n\"")
        #expect(String(repeating: "x", count: 41).quotedForMessage == "\"\(String(repeating: "x", count: 40))…\"")
        #expect(String(repeating: "x", count: 40).quotedForMessage == "\"\(String(repeating: "x", count: 40))\"")
    }
}
