/// Requests to one server through libcurl, over TCP or a Unix socket. Calls block; each makes a connection of its own,
/// so that a client can be used from any thread.
package struct TransferClient: Sendable {
    /// `http://127.0.0.1:8470`, without a slash at its end.
    package let base: String
    /// The Unix socket to use in place of TCP; nil for none.
    package let unixSocket: String?
    /// Which addresses it may connect to; nil for any. With one, no proxy is asked, which would connect in its place.
    package let policy: AddressPolicy?

    /// A client of the server at `address`: a URL, or `unix:PATH`.
    ///
    /// - Parameter policy: For an address that somebody else chose; default nil.
    /// - Throws: `TransferError` with `badAddress` for anything else.
    package init(address: String, policy: AddressPolicy? = nil) throws(TransferError) {
        self.policy = policy
        if address.hasPrefix("unix:") {
            let path = String(address.dropFirst("unix:".count))
            guard !path.isEmpty else { throw TransferError(.badAddress, address) }
            unixSocket = path
            base = "http://localhost"
        } else {
            guard address.hasPrefix("http://") || address.hasPrefix("https://"), !address.contains(" ") else {
                throw TransferError(.badAddress, "\(address) (http://HOST:PORT, https://… or unix:PATH)")
            }
            unixSocket = nil
            base = address.hasSuffix("/") ? String(address.dropLast()) : address
        }
    }

    /// Whether the server is on this machine: a Unix socket, `localhost`, or an address of loopback.
    package var isLocal: Bool {
        if unixSocket != nil { return true }
        let authority = base.split(separator: "/", maxSplits: 1).last?.drop { $0 == "/" }.prefix { $0 != "/" } ?? ""
        let host =
            authority.first == "["
            ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        if host.lowercased() == "localhost" { return true }
        return IPAddress(host).map { address in Self.loopback.contains { $0.contains(address) } } ?? false
    }

    private static let loopback = ["127.0.0.0/8", "::1"].compactMap { IPNetwork($0) }

    /// Makes `request` and gives the whole answer back.
    ///
    /// - Throws: `TransferError` where there is no answer; an error status is an answer.
    package func send(_ request: TransferRequest) throws -> Reply {
        var exchange = try CurlRequest.prepared(request, with: self)
        var body: [UInt8] = []
        let limit = request.longestAnswer ?? .max
        var reply = try exchange.perform { _, bytes in
            body.append(contentsOf: bytes.prefix(limit - body.count))
            if body.count >= limit { throw EnoughReceived() }
        }
        reply.body = body
        return reply
    }

    /// Makes `request` and hands the content of a successful answer to `receive` as it arrives; the content of any other
    /// answer is in the reply's body.
    ///
    /// - Throws: `TransferError`, and what `receive` throws, which ends the transfer.
    package func stream(_ request: TransferRequest, receive: (UnsafeRawBufferPointer) throws -> Void) throws -> Reply {
        try withoutActuallyEscaping(receive) { receive in
            var exchange = try CurlRequest.prepared(request, with: self)
            var body: [UInt8] = []
            var reply = try exchange.perform { status, bytes in
                if (200..<300).contains(status) { try receive(bytes) } else { body.append(contentsOf: bytes) }
            }
            reply.body = body
            return reply
        }
    }
}
