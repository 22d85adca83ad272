package import HTTPTypes

/// One name and value of a query, decoded.
package struct QueryItem: Equatable, Sendable {
    /// The name; never empty.
    package let name: String
    /// The value; empty for `?name` and `?name=`.
    package let value: String

    /// An item.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Who sent a request.
package enum Peer: Equatable, Sendable {
    /// Over TCP.
    case internet(address: String, port: UInt16)
    /// Over a Unix socket: the user that the other process ran as when it connected; nil where the kernel does not say.
    case unixSocket(user: UInt32?)
}

/// A whole request: head, body and trailers were read and found well-formed; the query is decoded. Fields stay bytes
/// until they are asked for.
package struct Request: Sendable {
    let storage: RequestStorage

    /// The request that `storage` was filled with.
    package init(_ storage: RequestStorage) { self.storage = storage }

    /// The request's name in answers and logs.
    package var id: RequestID { storage.id }
    /// The method; HEAD stays HEAD when a route of GET serves it.
    package var method: HTTPRequest.Method { storage.method }
    /// The version of the request line.
    package var version: HTTPVersion { storage.version }
    /// The path as sent (RFC 3986 section 3.3): percent-encoded, begins with a slash, without the query; `*` for `OPTIONS *`.
    package var path: String { String(decoding: storage.head[storage.path], as: UTF8.self) }
    /// Path and query as sent.
    package var target: String {
        guard let query = storage.queryRange else { return path }
        return path + "?" + String(decoding: storage.head[query], as: UTF8.self)
    }
    /// The query's items in order, decoded: percent-encoding, and `+` as space. Empty without a query.
    package var query: [QueryItem] { storage.query }
    /// The body's bytes, chunked coding taken off. Empty when there is none.
    package var body: [UInt8] { storage.body }
    /// The fields after a chunked body; those that frame, route or authenticate were left out (RFC 9110 section 6.5.1).
    package var trailers: HTTPFields { storage.trailers }
    /// Who sent it.
    package var peer: Peer { storage.peer }
    /// Who is counted for it.
    package var client: ClientKey { storage.client ?? ClientKey(storage.peer) }

    /// The decoded segment that the route's template calls `name`.
    package func parameter(_ name: String) -> String? {
        for parameter in storage.parameters where parameter.name == name { return parameter.value }
        return nil
    }

    /// The value of a field; several lines are joined with `, ` (RFC 9110 section 5.3). Nil when there is none.
    package func field(_ name: HTTPField.Name) -> String? {
        var found: String?
        for range in storage.fields where matches(range, name) {
            let value = Self.text(storage.head[range.value])
            found = found.map { $0 + ", " + value } ?? value
        }
        return found
    }

    /// How many lines there are with this name.
    package func count(of name: HTTPField.Name) -> Int {
        storage.fields.reduce(0) { $0 + (matches($1, name) ? 1 : 0) }
    }

    /// All fields in order. Made anew at each call.
    package var fields: HTTPFields {
        var fields = HTTPFields()
        fields.reserveCapacity(storage.fields.count)
        for range in storage.fields {
            guard let name = HTTPField.Name(Self.text(storage.head[range.name])) else { continue }
            fields.append(HTTPField(name: name, value: Self.text(storage.head[range.value])))
        }
        return fields
    }

    private func matches(_ range: FieldRange, _ name: HTTPField.Name) -> Bool {
        let wanted = name.canonicalName.utf8
        guard wanted.count == range.name.count else { return false }
        return zip(storage.head[range.name], wanted).allSatisfy { byte, letter in
            (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) == letter
        }
    }

    /// UTF-8 where it is, otherwise each byte a character (obs-text, RFC 9110 section 5.5).
    static func text(_ bytes: ArraySlice<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
