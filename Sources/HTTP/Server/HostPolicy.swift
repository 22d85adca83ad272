import Glibc

/// Which hosts a server answers for. A page that a browser loaded from elsewhere may make its own name lead to this
/// machine (DNS rebinding) and then asks as if it were at home: only its name gives it away. So a name is answered for only
/// when it is known, and never because it leads here.
package struct HostPolicy: Sendable {
    private let allowsAny: Bool
    private let names: Set<String>
    private let addresses: Set<HostName>
    /// Whether a listener is on every address of the machine.
    private let listensEverywhere: Bool

    /// Answers for every host.
    package static let any = HostPolicy(allowsAny: true, names: [], listen: [])

    /// Answers for loopback addresses, `localhost`, the addresses that are listened on, and `names`.
    /// - Parameter names: Names without ports; `*` for any.
    package init(names: [String], listen: [ListenAddress]) {
        self.init(allowsAny: names.contains("*"), names: names, listen: listen)
    }

    private init(allowsAny: Bool, names: [String], listen: [ListenAddress]) {
        self.allowsAny = allowsAny
        let known = Set(names.compactMap { HostName($0) })
        self.names = Set(known.compactMap(\.name))
        var addresses = Set(known.filter { $0.name == nil })
        for case .tcp(let host, _) in listen {
            if let address = HostName(address: host) { addresses.insert(address) }
        }
        listensEverywhere = addresses.contains { $0.isUnspecified }
        self.addresses = addresses.filter { !$0.isUnspecified }
    }

    /// Whether a request for `authority` (the value of Host, or the authority of an absolute target) is answered.
    package func answers(for authority: Substring) -> Bool {
        if allowsAny { return true }
        guard let host = HostName(Self.host(of: authority)) else { return false }
        return isOurs(host)
    }

    /// Whether a page of `origin` (RFC 6454 section 6.1: `http://host:port`) may ask for something to be done, in a
    /// request for `authority`: it is of that very authority, or of a name that the operator listed.
    package func trusts(origin: String, authority: Substring) -> Bool {
        let defaultPort: String
        let rest: Substring
        if origin.hasPrefix("http://") {
            (defaultPort, rest) = ("80", origin.dropFirst(7))
        } else if origin.hasPrefix("https://") {
            (defaultPort, rest) = ("443", origin.dropFirst(8))
        } else {
            return false
        }
        guard let host = HostName(Self.host(of: rest)) else { return false }
        if let name = host.name, names.contains(name) { return true }
        guard HostName(Self.host(of: authority)) == host else { return false }
        func port(_ authority: Substring) -> String {
            let port = authority.dropFirst(Self.host(of: authority).count + 1)
            return port.isEmpty ? defaultPort : String(port)
        }
        return port(rest) == port(authority)
    }

    /// Whether a host is an address, IPv4 or IPv6 without brackets, and so something that can be listened on.
    package static func isAddress(_ host: String) -> Bool {
        HostName(address: host).map { $0.name == nil } ?? false
    }

    private func isOurs(_ host: HostName) -> Bool {
        if host.isLoopback || addresses.contains(host) { return true }
        if let name = host.name { return name == "localhost" || names.contains(name) }
        // A page can't make an address its name: one that leads here is this machine's.
        return listensEverywhere
    }

    /// An authority without its port.
    static func host(of authority: Substring) -> Substring {
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return authority }
            return authority[...end]
        }
        return authority.prefix { $0 != ":" }
    }
}

/// A host as it is compared: an address by its bytes, a name in small letters without the dot at its end.
struct HostName: Hashable, Sendable {
    private enum Kind: Hashable {
        case ipv4([UInt8])
        case ipv6([UInt8])
        case name(String)
    }

    private let kind: Kind

    /// Reads a host without its port: `127.0.0.1`, `[::1]`, `tpud.example`; nil for nothing and for a broken address.
    init?(_ text: some StringProtocol) {
        if text.first == "[" {
            guard text.last == "]", let bytes = Self.address(AF_INET6, String(text.dropFirst().dropLast()), 16) else {
                return nil
            }
            // An IPv4 address in IPv6's form is that address.
            let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
            kind = isMapped ? .ipv4(Array(bytes[12...])) : .ipv6(bytes)
        } else if let bytes = Self.address(AF_INET, String(text), 4) {
            kind = .ipv4(bytes)
        } else {
            var name = text.lowercased()
            if name.hasSuffix(".") { name.removeLast() }
            guard !name.isEmpty else { return nil }
            kind = .name(name)
        }
    }

    /// Reads an address that IPv6 has without brackets, as sockets tell it; a host without a colon as above.
    init?(address: String) { self.init(address.contains(":") ? "[\(address)]" : address) }

    /// What one client has all of: an address of IPv4, the first 64 bits of one of IPv6 (RFC 6177), or a name.
    var site: [UInt8] {
        switch kind {
        case .ipv4(let bytes): bytes
        case .ipv6(let bytes): Array(bytes[..<8])
        case .name(let name): Array(name.utf8)
        }
    }

    /// The name; nil for an address.
    var name: String? { if case .name(let name) = kind { name } else { nil } }

    /// 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        switch kind {
        case .ipv4(let bytes): bytes[0] == 127
        case .ipv6(let bytes): bytes.last == 1 && bytes.dropLast().allSatisfy { $0 == 0 }
        case .name: false
        }
    }

    /// 0.0.0.0 or ::, which a listener takes for all addresses.
    var isUnspecified: Bool {
        switch kind {
        case .ipv4(let bytes), .ipv6(let bytes): bytes.allSatisfy { $0 == 0 }
        case .name: false
        }
    }

    private static func address(_ family: CInt, _ text: String, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}

extension ListenAddress {
    /// Whether only this machine reaches it: a Unix socket, or a loopback address.
    package var isLocal: Bool {
        switch self {
        case .unix: true
        case .tcp(let host, _): HostName(address: host)?.isLoopback ?? false
        }
    }
}
