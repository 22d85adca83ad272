/// An entity tag (RFC 9110 section 8.8.3): an opaque text between quotes, weak with `W/` before it.
package struct EntityTag: Equatable, Sendable {
    /// The text without its quotes.
    package let opaque: String
    /// Whether it says only that two representations mean the same.
    package let isWeak: Bool

    /// A tag.
    package init(opaque: String, isWeak: Bool) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// The tag of a job's version, quotes included: a strong one, `"7"`.
    package static func of(version: Int) -> String { "\"\(version)\"" }

    /// Whether `If-None-Match` names the version, by weak comparison (RFC 9110 section 13.1.2); `*` names all.
    package static func ifNoneMatch(_ field: String, names version: Int) -> Bool {
        ifNoneMatch(field, names: String(version))
    }

    /// Whether `If-None-Match` names the tag with this text, by weak comparison; `*` names all.
    package static func ifNoneMatch(_ field: String, names opaque: String) -> Bool {
        isAny(field) || list(field)?.contains { $0.opaque == opaque } ?? false
    }

    /// Whether `If-Match` names the version, by strong comparison (RFC 9110 section 13.1.1); `*` names all.
    package static func ifMatch(_ field: String, names version: Int) -> Bool {
        isAny(field) || list(field)?.contains(EntityTag(opaque: String(version), isWeak: false)) ?? false
    }

    /// Whether `If-Range` is the strong tag with this text (RFC 9110 section 13.1.5). A weak tag, a date and a list are
    /// not: the answer is the whole then.
    package static func ifRange(_ field: String, names opaque: String) -> Bool {
        list(field) == [EntityTag(opaque: opaque, isWeak: false)]
    }

    /// The tags of a list, empty elements left out (RFC 9110 section 5.6.1); nil for what is not a list of tags. A comma
    /// inside the quotes belongs to its tag.
    package static func list(_ field: String) -> [EntityTag]? {
        var tags: [EntityTag] = []
        var rest = field.utf8[...]
        while true {
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x2c }
            guard !rest.isEmpty else { return tags }
            let isWeak = rest.starts(with: "W/".utf8)
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.first == 0x22 else { return nil }
            rest = rest.dropFirst()
            guard let end = rest.firstIndex(of: 0x22), let opaque = String(rest[..<end]) else { return nil }
            // etagc: no blanks, no controls.
            guard opaque.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { return nil }
            tags.append(EntityTag(opaque: opaque, isWeak: isWeak))
            rest = rest[rest.index(after: end)...].drop { $0 == 0x20 || $0 == 0x09 }
            guard rest.isEmpty || rest.first == 0x2c else { return nil }
        }
    }

    private static func isAny(_ field: String) -> Bool {
        field.split { $0 == " " || $0 == "\t" } == ["*"]
    }
}
