package import HTTP

extension ListenAddress {
    /// Reads the setting `listen`: `127.0.0.1:8470`, `[::1]:8470`, `localhost:0`.
    package init?(setting text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        var host = String(text[..<colon])
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(digits) else {
            return nil
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            return nil
        }
        if host == "localhost" { host = "127.0.0.1" }
        guard HostPolicy.isAddress(host) else { return nil }
        self = .tcp(host: host, port: port)
    }
}
