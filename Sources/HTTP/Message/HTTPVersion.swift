/// A version of HTTP that the server speaks (RFC 9110 section 2.5).
package enum HTTPVersion: Sendable, Equatable {
    /// HTTP/1.0: no chunked coding, the connection closes unless keep-alive is asked for.
    case http10
    /// HTTP/1.1 or a later minor version, which is served as 1.1.
    case http11
}
