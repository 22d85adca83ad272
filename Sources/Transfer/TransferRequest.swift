/// One HTTP request to be made.
package struct TransferRequest: Sendable {
    /// An HTTP method, `GET` by default.
    package var method: String
    /// Path and query below the client's base address, beginning with a slash.
    package var target: String
    /// Header fields beside those that libcurl sets itself.
    package var fields: [(name: String, value: String)]
    /// The content, nil for none.
    package var body: [UInt8]?
    /// Seconds for the whole exchange; nil (the default) for no limit.
    package var timeout: Double?
    /// Bytes of the answer's content after which no more of it is read; nil (the default) for all of it. For ``TransferClient/send(_:)``.
    package var longestAnswer: Int?
    /// Asked about once a second whether to give up; nil (the default) for never.
    package var isCancelled: (@Sendable () -> Bool)?

    /// A request for `target` without content.
    package init(
        _ method: String = "GET", _ target: String, fields: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Double? = nil
    ) {
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
        self.timeout = timeout
    }
}

/// An answer, whatever its status.
package struct Reply: Sendable {
    /// The status code, 200 for success.
    package var status: Int
    /// Header fields in the order of arrival, names in lower case.
    package var fields: [(name: String, value: String)]
    /// The content; empty where it was streamed elsewhere.
    package var body: [UInt8]

    /// The first field called `name` (in lower case).
    package func field(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }
}
