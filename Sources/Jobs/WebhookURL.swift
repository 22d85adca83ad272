/// The address of a webhook's receiver: an absolute URL of http or https (RFC 3986) that holds no user and no fragment.
///
/// It is read here as strictly as can be, so that what is checked of it is what libcurl makes of it.
package struct WebhookURL: Hashable, Sendable {
    /// Why a text is not one: the end of a sentence whose subject is the text.
    package struct Fault: Error, Hashable, Sendable {
        /// What is expected in its place.
        package let detail: String
    }

    /// Bytes that one may have.
    package static let longest = 2048

    /// The address as it was written.
    package let text: String
    /// Scheme, host and port, in small letters: what tells one receiver from another, and all of it that is logged.
    package let origin: String
    /// What is asked for there: path and query, beginning with a slash.
    package let target: String

    /// Reads an address.
    package init(_ text: some StringProtocol) throws(Fault) {
        guard text.utf8.count <= Self.longest else {
            throw Fault(detail: "must have at most \(Self.longest) characters")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !Self.refused.contains($0) }) else {
            throw Fault(
                detail:
                    "must be a URL of ASCII characters: others are percent-encoded, in a host's name written as xn--")
        }
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else {
            throw Fault(detail: "must begin with https:// or http://")
        }
        guard !text.utf8.contains(UInt8(ascii: "#")) else {
            throw Fault(detail: "must not have a fragment (#…), which no server is told")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.utf8.contains(UInt8(ascii: "@")) else {
            throw Fault(detail: "must not hold a user or a password, which whoever may read the job would see")
        }
        guard let (host, port) = Self.parts(of: String(authority).lowercased()) else {
            throw Fault(
                detail: "must name a host, and a port from 1 to 65535 or none, as https://hooks.example:8443/tpud")
        }
        let isStandard = port == nil || port == (scheme == "https://" ? 443 : 80)
        origin = scheme + host + (isStandard ? "" : ":\(port ?? 0)")
        let path = rest.dropFirst(authority.count)
        target = path.first == "/" ? String(path) : "/" + path
        self.text = String(text)
    }

    /// Characters that RFC 3986 allows nowhere, and that readers of URLs take in different ways.
    private static let refused = Set("\"<>\\^`{|}".utf8)

    /// Host and port of an authority; nil where it is not one.
    private static func parts(of authority: String) -> (host: String, port: Int?)? {
        let host: Substring
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
            let digits = host.dropFirst().dropLast()
            guard !digits.isEmpty, digits.utf8.allSatisfy({ isHexadecimal($0) || $0 == 0x3A || $0 == 0x2E }) else {
                return nil
            }
        } else {
            host = authority.prefix { $0 != ":" }
            guard !host.isEmpty, host.utf8.allSatisfy({ isAlphanumeric($0) || [0x2D, 0x2E, 0x5F].contains($0) }) else {
                return nil
            }
        }
        let rest = authority.dropFirst(host.count)
        guard !rest.isEmpty else { return (String(host), nil) }
        let digits = rest.dropFirst()
        guard rest.first == ":", digits.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(digits), (1...65_535).contains(port)
        else { return nil }
        return (String(host), port)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
