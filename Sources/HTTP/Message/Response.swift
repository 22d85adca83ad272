package import HTTPTypes

/// An answer. The server adds Date, the framing fields and Connection; a handler never sets those.
package struct Response: Sendable {
    /// What follows the head.
    package enum Body: Sendable {
        /// Nothing; Content-Length is 0 where one is allowed.
        case none
        /// Bytes that are there.
        case bytes([UInt8])
        /// A stretch of an open file, read off the reactor's thread.
        case file(FileBody)
        /// Bytes that `produce` writes as they come. With a length, exactly that many must come; without, the body is
        /// chunked (HTTP/1.1) or ends with the connection (HTTP/1.0). The task is cancelled when the client goes away.
        case stream(length: Int64?, produce: @Sendable (ResponseWriter) async throws -> Void)
        /// Bytes that come now and then, without a task between; chunked, or to the connection's end, as `stream`.
        case held(any HeldAnswer)
    }

    /// The status; 1xx is not allowed.
    package var status: HTTPResponse.Status
    /// The fields.
    package var fields: HTTPFields
    /// The body; left out for HEAD, 204 and 304.
    package var body: Body

    /// An answer. Default: no fields, no body.
    package init(_ status: HTTPResponse.Status, fields: HTTPFields = [:], body: Body = .none) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// An answer of bytes with their media type.
    package init(_ status: HTTPResponse.Status, type: String, _ bytes: [UInt8]) {
        self.init(status, fields: [.contentType: type], body: .bytes(bytes))
    }

    /// `application/json`.
    package static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(status, type: "application/json", bytes)
    }

    /// `text/plain; charset=utf-8`.
    package static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status, type: "text/plain; charset=utf-8", Array(text.utf8))
    }
}
