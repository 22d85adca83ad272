package import API
import Formats
package import Jobs

/// One line of the file of tokens: `id role name sha256:digest created`.
package struct Token: Hashable, Sendable {
    /// What it is called: the first digits of the token itself.
    package let id: String
    /// What whoever bears it may do.
    package let role: Role
    /// Whose it is: the owner of the jobs that are submitted with it. Several tokens may have one name, such as an old one
    /// and its successor.
    package let name: String
    /// The SHA-256 of the token, 32 bytes.
    package let digest: [UInt8]
    /// When it was made.
    package let created: Timestamp

    /// The line of a new token.
    /// - Throws: ``TokenFileError/badName(_:)``.
    package init(_ token: BearerToken, role: Role, name: String, created: Timestamp) throws(TokenFileError) {
        if let fault = Self.fault(inName: name) { throw .badName(fault) }
        (id, self.role, self.name, digest, self.created) = (token.id, role, name, token.digest, created)
    }

    /// Reads a line.
    /// - Throws: every fault of its fields; what a field holds is not told, as it may be a secret that was put into the
    ///   wrong one.
    init(line: Substring) throws(TokenLineError) {
        let fields = line.split { $0 == " " || $0 == "\t" }
        guard fields.count == 5 else {
            throw TokenLineError([
                .init(
                    field: nil, detail: "expected id, role, name, sha256:digest and time, found \(fields.count) fields")
            ])
        }
        var faults: [TokenLineError.Fault] = []
        if !BearerToken.isID(fields[0]) {
            faults.append(.init(field: "id", detail: "expected \(BearerToken.idDigits) digits of 0-9 and a-f"))
        }
        let role = Role(rawValue: String(fields[1]))
        if role == nil {
            faults.append(.init(field: "role", detail: "expected \(Role.allCases.map(\.rawValue).inWords)"))
        }
        if let fault = Self.fault(inName: String(fields[2])) { faults.append(.init(field: "name", detail: fault)) }
        let digest = Self.digest(fields[3])
        if digest == nil {
            let isToken = fields[3].hasPrefix(BearerToken.prefix)
            faults.append(
                .init(
                    field: "digest",
                    detail: "expected sha256: and 64 digits of 0-9 and a-f"
                        + (isToken ? ", found a token: the file holds hashes alone, which `tpud token add` writes" : "")
                ))
        }
        let created = Timestamp(rfc3339: String(fields[4]))
        if created == nil {
            faults.append(.init(field: "time", detail: "expected a time such as 2026-01-31T12:00:00Z (RFC 3339)"))
        }
        guard faults.isEmpty, let role, let digest, let created else { throw TokenLineError(faults) }
        (id, self.role, name, self.digest, self.created) = (String(fields[0]), role, String(fields[2]), digest, created)
    }

    /// The line, without its end.
    package var line: String {
        "\(id) \(role.rawValue) \(name) \(Self.digestPrefix)\(Hexadecimal.text(digest)) \(created.rfc3339)"
    }

    /// What a list shows of it, tabs between: all but the hash.
    package var shown: String { [id, role.rawValue, name, created.rfc3339].joined(separator: "\t") }

    private static let digestPrefix = "sha256:"

    private static func digest(_ field: Substring) -> [UInt8]? {
        let digits = field.dropFirst(digestPrefix.count)
        guard field.hasPrefix(digestPrefix), BearerToken.isHexadecimal(digits, digits: 64) else { return nil }
        let values = digits.utf8.compactMap { Hexadecimal.value(ofDigit: $0) }
        return stride(from: 0, to: 64, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }

    /// What is wrong with a name; nil when nothing is.
    private static func fault(inName name: String) -> String? {
        // Names without tokens have other characters, or are this one: nobody comes to own another's jobs by its name.
        if name == Principal.anonymous.name {
            return "\"\(name)\" is the owner of jobs that were submitted without a token"
        }
        let isName =
            (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || [0x2b, 0x2d, 0x2e, 0x40, 0x5f].contains(byte)
            }
        return isName ? nil : "expected 1 to 64 letters, digits and characters of . _ - + @"
    }
}

/// What is wrong with a line of the file of tokens.
struct TokenLineError: Error {
    /// One fault; the field is nil for the whole line.
    struct Fault {
        let field: String?
        let detail: String
    }

    let faults: [Fault]

    /// - Parameter faults: At least one.
    init(_ faults: [Fault]) { self.faults = faults }
}
