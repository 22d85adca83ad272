/// How a request's body ends (RFC 9112 section 6.3).
package enum Framing: Equatable, Sendable {
    /// There is no body.
    case none
    /// So many bytes.
    case length(Int)
    /// Chunked coding.
    case chunked
}

/// What a head says to the connection; the rest of it is in the `RequestStorage`.
package struct RequestHead: Equatable, Sendable {
    /// Bytes of the head with the empty line, and of an empty line before it.
    package var byteCount = 0
    package var framing = Framing.none
    /// Whether Content-Length or Transfer-Encoding is there.
    package var announcesBody = false
    /// Whether the client wants to use the connection further.
    package var persistent = true
    /// Whether the client waits for 100 before it sends the body.
    package var expectsContinue = false
}
