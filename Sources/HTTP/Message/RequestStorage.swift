import HTTPTypes

/// One field line of a head as ranges into its bytes.
package struct FieldRange: Sendable {
    var nameStart: Int32
    var nameEnd: Int32
    var valueStart: Int32
    var valueEnd: Int32

    /// The name.
    package var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
    /// The value without the space around it.
    package var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
}

/// What a request consists of. The server fills it before a handler sees it and takes it back for another request when
/// nobody kept it, so that a request costs no allocation.
// @unchecked: written only by the server and only while it holds the one reference; read-only afterwards.
package final class RequestStorage: @unchecked Sendable {
    /// Room for one request, empty.
    package init() {}

    // One call at a time touches a member, and none that comes back here: checks of that at run time would take a fiftieth of
    // a request's time.
    @exclusivity(unchecked) var id = RequestID(run: 0, number: 0)
    @exclusivity(unchecked) var method = HTTPRequest.Method.get
    @exclusivity(unchecked) var version = HTTPVersion.http11
    /// The bytes of the head, which all ranges point into.
    @exclusivity(unchecked) var head: [UInt8] = []
    @exclusivity(unchecked) var fields: [FieldRange] = []
    /// The path within `head`, as sent, without the query.
    @exclusivity(unchecked) var path: Range<Int> = 0..<0
    /// The query within `head`, without the question mark; nil when there is none.
    @exclusivity(unchecked) var queryRange: Range<Int>?
    /// The value of Host within `head`, and the authority of an absolute target, which goes before it (RFC 9112 section
    /// 3.2.2).
    @exclusivity(unchecked) var host: Range<Int>?
    @exclusivity(unchecked) var targetAuthority: Range<Int>?
    @exclusivity(unchecked) var query: [QueryItem] = []
    @exclusivity(unchecked) var parameters: [PathParameter] = []
    @exclusivity(unchecked) var body: [UInt8] = []
    @exclusivity(unchecked) var trailers: HTTPFields = [:]
    /// Who sends it; the connection says so.
    @exclusivity(unchecked) package var peer = Peer.unixSocket(user: nil)
    /// Who is counted for it; known where there is a body.
    @exclusivity(unchecked) var client: ClientKey?

    /// Makes it ready for another request; large buffers are given back.
    func reset() {
        head.removeAll(keepingCapacity: head.capacity <= 16_384)
        fields.removeAll(keepingCapacity: true)
        path = 0..<0
        client = nil
        queryRange = nil
        if !query.isEmpty { query.removeAll() }
        if !parameters.isEmpty { parameters.removeAll(keepingCapacity: true) }
        body.removeAll(keepingCapacity: body.capacity <= 16_384)
        if !trailers.isEmpty { trailers = [:] }
    }
}

/// A decoded segment that a path template names.
struct PathParameter: Sendable {
    var name: String
    var value: String
}
