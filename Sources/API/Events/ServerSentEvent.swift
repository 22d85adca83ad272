/// One event of a stream as `text/event-stream` writes it (WHATWG HTML, section 9.2, server-sent events).
package struct ServerSentEvent: Hashable, Sendable {
    /// The media type.
    package static let mediaType = "text/event-stream"
    /// A line that says nothing: it keeps the connection open, and tells who has gone.
    package static let comment = Array(":\n\n".utf8)

    /// What a client names to go on after it (`Last-Event-ID`); nil leaves what it was.
    package var id: String?
    /// What kind it is; a text without line ends.
    package var event: String
    /// What it says.
    package var data: String

    /// Makes an event; without an id unless given.
    package init(id: String? = nil, event: String, data: String) {
        self.id = id
        self.event = event
        self.data = data
    }

    /// The bytes of it, with the empty line that ends it.
    package var bytes: [UInt8] {
        var text = ""
        if let id { text += "id: \(id)\n" }
        text += "event: \(event)\n"
        // Other characters that Unicode ends lines with don't end one here.
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: { ["\n", "\r", "\r\n"].contains($0) })
        {
            text += "data: \(line)\n"
        }
        return Array((text + "\n").utf8)
    }
}
