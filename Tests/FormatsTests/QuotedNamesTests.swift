import Formats
import Testing

@Suite struct QuotedNamesTests {
    @Test(
        arguments: [
            ([], ""), (["a"], "\"a\""), (["a", "b"], "\"a\", \"b\""), (["a", "b", "c"], "\"a\", \"b\" and 1 more"),
        ] as [([String], String)])
    func someAreShownAndTheRestCounted(names: [String], words: String) {
        #expect(names.quotedForMessage(most: 2) == words)
    }

    @Test func twentyByDefault() {
        let names = (0..<25).map { "n\($0)" }
        #expect(names.quotedForMessage().hasSuffix("\"n19\" and 5 more"))
    }
}
