import API
import HTTP
import HTTPTypes

/// Header fields: each parser takes what its grammar allows, and nothing else gets further.
enum FieldChecks {
    static func broken(by input: [UInt8]) -> String? {
        guard let kind = input.first else { return nil }
        // What a head can hold: other bytes end it or are refused, blanks around a value are not part of it.
        let bytes = input.dropFirst().filter(ByteClass.isFieldValue)
        let blanks: [UInt8] = [0x20, 0x09]
        let value = Array(bytes.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed())
        let text =
            String(validating: value, as: UTF8.self)
            ?? String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) }))
        let checks: [(String) -> String?] = [
            accept, acceptEncoding, entityTags, contentType, host, origin, authorization, lastEventID, idempotencyKey,
        ]
        let index = Int(kind) % (checks.count + framing.count)
        return index < checks.count ? checks[index](text) : head(framing[index - checks.count], value)
    }

    // MARK: Lists with weights

    private static func accept(_ text: String) -> String? {
        let types = ["application/json", "text/event-stream"]
        let (field, twice) = (AcceptField(text), AcceptField("\(text), \(text)"))
        let weights = types.map { field.weight(of: $0) }
        guard weights.allSatisfy((0...1_000).contains) else { return "Accept: \(text) weighs \(weights)" }
        if let choice = field.choice(among: types) {
            guard field.weight(of: choice) == weights.max(), weights.max() != 0 else {
                return "Accept: \(text) chooses \(choice) among weights \(weights)"
            }
        } else if weights.max() != 0 {
            return "Accept: \(text) chooses nothing among weights \(weights)"
        }
        // A quote that is not closed holds what follows.
        guard !text.contains("\"") else { return nil }
        return weights == types.map { twice.weight(of: $0) } ? nil : "Accept: \(text) weighs something else twice"
    }

    private static func acceptEncoding(_ text: String) -> String? {
        let isTaken = AcceptEncodingField(text).takes("gzip")
        let lower = text.lowercased()
        guard !isTaken || lower.contains("gzip") || lower.contains("*") else {
            return "Accept-Encoding: \(text) takes gzip without naming it"
        }
        guard !text.contains("\"") else { return nil }
        guard AcceptEncodingField("\(text), \(text)").takes("gzip") == isTaken,
            AcceptEncodingField("\(text), gzip").takes("gzip")
        else { return "Accept-Encoding: \(text) means something else in a longer list" }
        return nil
    }

    // MARK: Conditions

    private static func entityTags(_ text: String) -> String? {
        guard let tags = EntityTag.list(text) else {
            guard EntityTag.ifMatch(text, names: 7) || EntityTag.ifRange(text, names: "7") else { return nil }
            return text.contains("*") ? nil : "\(text) is not a list and names a tag"
        }
        let written = tags.map { ($0.isWeak ? "W/" : "") + "\"\($0.opaque)\"" }.joined(separator: ", ")
        guard EntityTag.list(written) == tags else { return "\(written) is not read again" }
        for tag in tags {
            guard EntityTag.ifNoneMatch(text, names: tag.opaque) else { return "\(text) does not name \(tag.opaque)" }
        }
        // What is the same strongly is so weakly.
        guard !EntityTag.ifMatch(text, names: 7) || EntityTag.ifNoneMatch(text, names: 7) else {
            return "\(text) names 7 strongly and not weakly"
        }
        guard !EntityTag.ifRange(text, names: "7") || tags == [EntityTag(opaque: "7", isWeak: false)] else {
            return "If-Range: \(text) is taken for \"7\""
        }
        return nil
    }

    // MARK: Bodies

    private static func contentType(_ text: String) -> String? {
        let storage = RequestStorage()
        let head = Array("POST / HTTP/1.1\r\nHost: h\r\nContent-Type: \(text)\r\nContent-Length: 2\r\n\r\n".utf8)
        guard let parsed = try? HeadParser().parse(head.span, into: storage) else { return nil }
        let rule = BodyRule.required(types: ["application/json"])
        let isTaken =
            rule.error(Request(storage), announcesBody: parsed.announcesBody, framing: parsed.framing) == nil
        var type = text.utf8.prefix { $0 != 0x3b }[...]
        while let last = type.last, last == 0x20 || last == 0x09 { type.removeLast() }
        let isJSON = type.map(ByteClass.lowercased).elementsEqual("application/json".utf8)
        return isTaken == isJSON ? nil : "Content-Type: \(text) \(isTaken ? "passes" : "does not pass") for JSON"
    }

    // MARK: Where a request comes from

    private static let hosts = HostPolicy(names: ["tpud.example"], listen: [.tcp(host: "127.0.0.1", port: 8470)])

    /// The host of an authority in small letters, by hand.
    private static func name(_ authority: some StringProtocol) -> String {
        var name = authority.prefix { $0 != ":" }.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        return name
    }

    private static func host(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard HostField.isValid(bytes.span, bytes.indices) else { return nil }
        guard !bytes.contains(where: { " /@?#\"\\".utf8.contains($0) }) else { return "Host: \(text) is valid" }
        guard hosts.answers(for: text[...]) else { return nil }
        let name = name(text)
        let isOurs = ["localhost", "tpud.example"].contains(name) || text.hasPrefix("[") || name.hasPrefix("127.")
        // What inet_pton takes for 127.0.0.0/8 begins with that.
        return isOurs ? nil : "Host: \(text) is answered for"
    }

    private static func origin(_ text: String) -> String? {
        guard hosts.trusts(origin: text, authority: "127.0.0.1:8470") else { return nil }
        let isOurs =
            text == "http://127.0.0.1:8470" || text == "https://127.0.0.1:8470"
            || ["http://", "https://"].contains { scheme in
                text.hasPrefix(scheme) && name(text.dropFirst(scheme.count)) == "tpud.example"
            }
            || text.hasPrefix("http://[::ffff:") || text.hasPrefix("https://[::ffff:")
            || text.hasPrefix("http://[::FFFF:") || text.hasPrefix("https://[::FFFF:")
        return isOurs || text.contains("[") ? nil : "Origin: \(text) is trusted"
    }

    private static func authorization(_ text: String) -> String? {
        guard let token = BearerToken(authorization: text) else { return nil }
        let parts = token.text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "tpud", parts[1] == token.id, token.text.utf8.count == 78,
            token.text.utf8.allSatisfy({ ByteClass.isToken($0) }), text.hasSuffix(token.text)
        else { return "Authorization: \(text) is the token \(token.text)" }
        return BearerToken(token.text)?.text == token.text ? nil : "the token \(token.text) is not read again"
    }

    // MARK: Names and numbers

    private static func lastEventID(_ text: String) -> String? {
        guard let query = try? QueryValues([], of: []),
            let selection = try? EventSelection(query, lastEventID: text, isStream: true)
        else { return nil }
        guard case .after(let number) = selection.start, number >= 0, text.isEmpty || text == "\(number)" else {
            return "Last-Event-ID: \(text) begins at \(selection.start)"
        }
        return nil
    }

    private static func idempotencyKey(_ text: String) -> String? {
        let isKey = IdempotencyKeyField.isKey(text)
        let isVisible = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7f }
        return isKey == (isVisible && !text.isEmpty && text.utf8.count < 256) ? nil : "Idempotency-Key: \(text)"
    }

    // MARK: Framing

    private static let framing = ["Content-Length", "Transfer-Encoding", "Connection", "Expect"]

    /// A field that the head's parser reads itself.
    private static func head(_ name: String, _ value: [UInt8]) -> String? {
        let storage = RequestStorage()
        let head = Array("POST / HTTP/1.1\r\nHost: h\r\n\(name): ".utf8) + value + Array("\r\n\r\n".utf8)
        guard let parsed = try? HeadParser().parse(head.span, into: storage) else { return nil }
        let text = String(decoding: value, as: UTF8.self)
        switch parsed.framing {
        case .none: return nil
        case .chunked: return text.lowercased() == "chunked" ? nil : "Transfer-Encoding: \(text) is chunked"
        case .length(let length):
            let digits = value.drop { $0 == 0x30 }
            let isIt = length == .max ? digits.count > 18 : digits.elementsEqual("\(length)".utf8)
            return isIt ? nil : "Content-Length: \(text) is \(length)"
        }
    }
}
