import HTTPTypes

extension Connection {
    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")

    /// What is wrong with where a request comes from: it names a host that is not this server's, or it is a browser's
    /// for a page of another origin and would change something. Nil when nothing is. Over a Unix socket there is no
    /// browser, and a program may name any host.
    func originError(_ storage: RequestStorage) -> HTTPError? {
        if case .unixSocket = peer { return nil }
        // An HTTP/1.0 request without Host comes from no browser.
        guard let range = storage.targetAuthority ?? storage.host else { return nil }
        let bytes = storage.head[range]
        if !bytes.elementsEqual(server.lastHost) {
            guard server.configuration.hosts.answers(for: Request.text(bytes)[...]) else {
                return HTTPError(
                    .misdirected, "this server does not answer for the host of this request" + hint)
            }
            server.lastHost = Array(bytes)
        }
        switch storage.method {
        case .get, .head, .options, .trace: return nil
        default: return siteError(Request(storage), authority: Request.text(bytes)[...])
        }
    }

    private var hint: String {
        let hint = server.configuration.hostHint
        return hint.isEmpty ? "" : "; \(hint)"
    }

    /// What is wrong with a request that would change something.
    private func siteError(_ request: Request, authority: Substring) -> HTTPError? {
        if let name = Self.fetchSite, let site = request.field(name), site != "same-origin", site != "none" {
            return HTTPError(
                .foreignOrigin, "a page of another site can't do this (Sec-Fetch-Site: \(site.prefix(32)))")
        }
        guard let origin = request.field(.origin) else { return nil }
        if server.configuration.hosts.trusts(origin: origin, authority: authority) { return nil }
        return HTTPError(.foreignOrigin, "a page of another origin can't do this" + hint)
    }
}
