import HTTPTypes

/// What is wrong with where a request comes from: it names a host that is not this server's, or it is a browser's for a
/// page of another origin and would change something. Browsers don't use Unix sockets: a program that does may name
/// any host.
package struct OriginCheck {
    private let hosts: HostPolicy
    private let hint: String
    /// The last host that was answered for: most requests name the same one.
    private var lastHost: [UInt8]?

    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")

    /// A check.
    /// - Parameters:
    ///   - hosts: what is answered for, and which other origins are trusted.
    ///   - hint: what an error tells the operator to set; may be empty.
    package init(hosts: HostPolicy, hint: String) {
        self.hosts = hosts
        self.hint = hint.isEmpty ? "" : "; \(hint)"
    }

    /// What is wrong; nil when nothing is.
    package mutating func error(_ request: Request) -> HTTPError? {
        let storage = request.storage
        if case .unixSocket = storage.peer { return nil }
        // An HTTP/1.0 request without Host comes from no browser.
        guard let range = storage.targetAuthority ?? storage.host else { return nil }
        let bytes = storage.head[range]
        let isKnown = lastHost.map { bytes.elementsEqual($0) } ?? false
        if !isKnown {
            guard hosts.answers(for: Request.text(bytes)[...]) else {
                return HTTPError(.misdirected, "this server does not answer for the host of this request" + hint)
            }
            lastHost = Array(bytes)
        }
        switch storage.method {
        case .get, .head, .options, .trace: return nil
        default: return siteError(request, authority: Request.text(bytes)[...])
        }
    }

    /// What is wrong with a request that would change something.
    private func siteError(_ request: Request, authority: Substring) -> HTTPError? {
        if let name = Self.fetchSite, let site = request.field(name), site != "same-origin", site != "none" {
            return HTTPError(
                .foreignOrigin, "a page of another site can't do this (Sec-Fetch-Site: \(site.prefix(32)))")
        }
        guard let origin = request.field(.origin) else { return nil }
        if hosts.trusts(origin: origin, authority: authority) { return nil }
        return HTTPError(.foreignOrigin, "a page of another origin can't do this" + hint)
    }
}
