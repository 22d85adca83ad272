/// The simulated TPU system: so many hosts with so many cores each.
package struct Pod: Hashable, Sendable {
    /// Its name: `v2-8`, `v3-32`, or `2h8c` for two hosts of eight cores. None looks like a slice's, `2x4`.
    package let name: String
    /// How many hosts, 1 to 256.
    package let hosts: Int
    /// How many cores each host owns, 1 to 8.
    package let coresPerHost: Int

    /// A pod has at most this many hosts.
    package static let maxHosts = 256
    /// A host owns at most this many cores.
    package static let maxCoresPerHost = 8

    /// All its cores.
    package var cores: Int { hosts * coresPerHost }

    /// Makes a pod from numbers; throws `JobsError.pod` when they are out of range.
    package init(hosts: Int, coresPerHost: Int) throws(JobsError) {
        let name = Self.name(hosts, coresPerHost)
        try self.init(name: name, hosts: hosts, coresPerHost: coresPerHost, given: name)
    }

    /// Reads a name: `v<generation>-<cores>` with cores in whole hosts of eight (`v2-8`, `v3-32`), or
    /// `<hosts>h<cores>c` (`2h8c`: two hosts with eight cores each); `2x8` is read as that.
    ///
    /// - Throws: `JobsError.pod` with what is wrong about it.
    package init(parsing name: String) throws(JobsError) {
        let ofHosts =
            name.hasSuffix("c")
            ? Self.numbers(in: String(name.dropLast()), separator: "h") : Self.numbers(in: name, separator: "x")
        if let (hosts, cores) = ofHosts {
            try self.init(name: Self.name(hosts, cores), hosts: hosts, coresPerHost: cores, given: name)
        } else if name.hasPrefix("v"), let numbers = Self.numbers(in: String(name.dropFirst()), separator: "-") {
            guard numbers.1 % Self.maxCoresPerHost == 0 else {
                throw .pod(
                    name: name, detail: "a TPU has whole hosts of 8 cores, and \(numbers.1) is not a multiple of 8")
            }
            try self.init(
                name: name, hosts: numbers.1 / Self.maxCoresPerHost, coresPerHost: Self.maxCoresPerHost, given: name)
        } else {
            throw .pod(name: name, detail: "a pod is named like v2-8, v3-32, or 2h8c for two hosts of eight cores")
        }
    }

    /// - Parameter given: the name as it was written, for the error.
    private init(name: String, hosts: Int, coresPerHost: Int, given: String) throws(JobsError) {
        guard 1...Self.maxHosts ~= hosts else {
            throw .pod(name: given, detail: "a pod has 1 to \(Self.maxHosts) hosts, not \(hosts)")
        }
        guard 1...Self.maxCoresPerHost ~= coresPerHost else {
            throw .pod(name: given, detail: "a host has 1 to \(Self.maxCoresPerHost) cores, not \(coresPerHost)")
        }
        self.name = name
        self.hosts = hosts
        self.coresPerHost = coresPerHost
    }

    private static func name(_ hosts: Int, _ coresPerHost: Int) -> String { "\(hosts)h\(coresPerHost)c" }

    /// Two numbers in digits alone (no sign, no leading zero) with one separator between them.
    private static func numbers(in text: String, separator: Character) -> (Int, Int)? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let values = parts.compactMap { part -> Int? in
            guard let first = part.first, first != "0", part.utf8.allSatisfy({ 48...57 ~= $0 }) else { return nil }
            return Int(part)
        }
        return values.count == 2 ? (values[0], values[1]) : nil
    }
}
