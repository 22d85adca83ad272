import Formats
import Testing

@Suite struct JSONPointerTests {
    /// RFC 6901 section 5, its document and its table.
    @Test func followsTheRFCsTable() throws {
        let document = try JSON(
            parsing: #"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}"#)
        let table: [(String, JSON)] = [
            ("", document), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2),
            ("/e^f", 3), ("/g|h", 4), ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8),
        ]
        for (text, value) in table {
            let pointer = try #require(JSONPointer(text))
            #expect(document[pointer] == value)
            #expect(pointer.description == text)
        }
    }

    @Test(arguments: ["a", "/~", "/~2", "/a~"]) func refuses(text: String) {
        #expect(JSONPointer(text) == nil)
    }

    @Test func leadsNowhere() {
        let document: JSON = ["a": [1]]
        for text in ["/b", "/a/1", "/a/01", "/a/-", "/a/0/0", "/a/-1"] {
            #expect(document[JSONPointer(text) ?? .root] == nil)
        }
    }

    @Test func grows() {
        #expect(JSONPointer.root.appending("a/b").appending(3).description == "/a~1b/3")
        #expect(JSONPointer(tokens: ["x"]).appending(JSONPointer(tokens: ["y", "z"])).description == "/x/y/z")
        #expect(JSONPointer(tokens: ["a"]) < JSONPointer(tokens: ["a", "b"]))
    }
}
