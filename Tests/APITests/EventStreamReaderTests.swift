import API
import Testing

@Suite struct EventStreamReaderTests {
    /// The stream's bytes, and the events in it as id, kind and data.
    private static let cases: [(String, [String])] = [
        ("id: 1\nevent: STATE\ndata: a\n\n", ["1 STATE a"]),
        ("id:1\nevent:STATE\ndata:a\n\nid:2\ndata:b\n\n", ["1 STATE a", "2 message b"]),
        // The id stays until another comes.
        ("id: 1\ndata: a\n\ndata: b\n\n", ["1 message a", "1 message b"]),
        // Comments, unknown fields and a field without a colon.
        (":\n\n: hello\nid: 3\nretry: 10\nnothing: x\ndata\n\n", ["3 message "]),
        // No data, no event; the id counts all the same.
        ("id: 4\nevent: STATE\n\ndata: c\n\n", ["4 message c"]),
        ("data: one\ndata:  two\ndata:\n\n", ["- message one\n two\n"]),
        ("\u{feff}data: a\r\ndata: b\r\n\r\nid: 5\rdata: c\r\r", ["- message a\nb", "5 message c"]),
        // What is not complete is none.
        ("data: a\n\nid: 9\ndata: b\n", ["- message a"]),
        ("id: a\0b\ndata: a\n\n", ["- message a"]),
    ]

    private static func text(_ events: [ServerSentEvent]) -> [String] {
        events.map { "\($0.id ?? "-") \($0.event) \($0.data)" }
    }

    @Test func everyFormIsReadWhole() {
        for (text, events) in Self.cases {
            var reader = EventStreamReader()
            #expect(Self.text(reader.append(text.utf8)) == events, "\(text)")
        }
    }

    @Test func whereTheBytesAreCutMakesNoDifference() {
        for (text, events) in Self.cases {
            for size in 1...3 {
                var reader = EventStreamReader()
                var found: [ServerSentEvent] = []
                let bytes = Array(text.utf8)
                for start in stride(from: 0, to: bytes.count, by: size) {
                    found += reader.append(bytes[start..<min(bytes.count, start + size)])
                }
                #expect(Self.text(found) == events, "\(text) by \(size)")
            }
        }
    }

    /// A connection that breaks inside an event leaves the id of the one before.
    @Test func itGoesOnAfterTheLastWholeEvent() {
        var reader = EventStreamReader()
        #expect(reader.append("id: 1\ndata: a\n\nid: 2\nda".utf8).count == 1)
        #expect(reader.lastEventID == "1")
        reader.restart()
        #expect(reader.lastEventID == "1")
        #expect(Self.text(reader.append("id: 2\ndata: b\n\n".utf8)) == ["2 message b"])
        #expect(reader.lastEventID == "2")
    }

    @Test func aLineWithoutEndIsNotKept() {
        var reader = EventStreamReader()
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 3 * EventStreamReader.longestLine)
        _ = reader.append("data: ".utf8)
        _ = reader.append(long)
        let event = reader.append("\n\n".utf8).first
        #expect(event?.data.utf8.count == EventStreamReader.longestLine - "data: ".utf8.count)
    }
}
