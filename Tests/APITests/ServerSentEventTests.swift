import API
import Testing

@Suite struct ServerSentEventTests {
    @Test func anEventIsItsFieldsAndAnEmptyLine() {
        let event = ServerSentEvent(id: "7", event: "STATE", data: #"{"seq":7}"#)
        #expect(String(decoding: event.bytes, as: UTF8.self) == "id: 7\nevent: STATE\ndata: {\"seq\":7}\n\n")
        let end = ServerSentEvent(event: "end", data: "")
        #expect(String(decoding: end.bytes, as: UTF8.self) == "event: end\ndata: \n\n")
    }

    /// A line end would end the field; a reader puts the lines together again. Unicode's other line ends are text.
    @Test func eachLineOfTheDataHasItsField() {
        let event = ServerSentEvent(event: "a", data: "one\ntwo\r\nthree\rfour\u{2028}five\u{85}six")
        var reader = EventStreamReader()
        #expect(reader.append(event.bytes).map(\.data) == ["one\ntwo\nthree\nfour\u{2028}five\u{85}six"])
    }

    @Test func theCommentSaysNothing() {
        var reader = EventStreamReader()
        #expect(reader.append(ServerSentEvent.comment + ServerSentEvent.comment).isEmpty)
        #expect(ServerSentEvent.comment.first == UInt8(ascii: ":"))
    }
}
