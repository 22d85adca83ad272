/// Reads `text/event-stream` as it comes, in pieces of any size (WHATWG HTML, section 9.2.6).
package struct EventStreamReader: Sendable {
    /// The id of the last event that was complete; nil before the first.
    package private(set) var lastEventID: String?

    private var line: [UInt8] = []
    /// Whether the last byte was a carriage return: a newline after it ends the same line.
    private var endedByReturn = false
    private var isFirstLine = true
    private var id: String?
    private var event = ""
    private var data: [String] = []

    /// A line has at most so many bytes; what is beyond is dropped.
    package static let longestLine = 1 << 20

    /// Nothing has come yet.
    /// - Parameter lastEventID: Where an earlier stream ended; default at the beginning.
    package init(lastEventID: String? = nil) {
        self.lastEventID = lastEventID
        id = lastEventID
    }

    /// The events that are complete with these bytes.
    package mutating func append(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            switch byte {
            case 0x0a where endedByReturn: endedByReturn = false
            case 0x0a, 0x0d:
                endedByReturn = byte == 0x0d
                if let event = endLine() { events.append(event) }
            default:
                endedByReturn = false
                if line.count < Self.longestLine { line.append(byte) }
            }
        }
        return events
    }

    /// Another connection begins: what was not complete is forgotten, and comes again.
    package mutating func restart() { self = EventStreamReader(lastEventID: lastEventID) }

    private mutating func endLine() -> ServerSentEvent? {
        var text = String(decoding: line, as: UTF8.self)
        line.removeAll(keepingCapacity: true)
        if isFirstLine {
            isFirstLine = false
            if text.first == "\u{feff}" { text.removeFirst() }
        }
        guard !text.isEmpty else { return endEvent() }
        let colon = text.firstIndex(of: ":")
        let name = text[..<(colon ?? text.endIndex)]
        var value = colon.map { text[text.index(after: $0)...] } ?? ""
        if value.first == " " { value.removeFirst() }
        switch name {
        case "id" where !value.contains("\0"): id = String(value)
        case "event": event = String(value)
        case "data": data.append(String(value))
        // Comments, times to reconnect after, and what nobody knows.
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> ServerSentEvent? {
        defer {
            event = ""
            data = []
        }
        lastEventID = id
        guard !data.isEmpty else { return nil }
        return ServerSentEvent(
            id: id, event: event.isEmpty ? "message" : event, data: data.joined(separator: "\n"))
    }
}
