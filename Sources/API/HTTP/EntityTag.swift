/// The entity tag of a job's version: a strong tag, `"7"` (RFC 9110 section 8.8.3).
package enum EntityTag {
    /// The tag of a version, quotes included.
    package static func of(version: Int) -> String { "\"\(version)\"" }

    /// Whether `If-None-Match` names the version, by weak comparison (RFC 9110 section 13.1.2); `*` names all.
    package static func ifNoneMatch(_ field: String, names version: Int) -> Bool {
        matches(field, version, weakly: true)
    }

    /// Whether `If-Match` names the version, by strong comparison (RFC 9110 section 13.1.1); `*` names all.
    package static func ifMatch(_ field: String, names version: Int) -> Bool {
        matches(field, version, weakly: false)
    }

    private static func matches(_ field: String, _ version: Int, weakly: Bool) -> Bool {
        let own = of(version: version)
        return field.split(separator: ",").contains { element in
            let tag = element.trimmingBlanks
            return tag == "*" || tag == own || (weakly && tag == "W/" + own)
        }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var rest = drop { $0 == " " || $0 == "\t" }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return rest
    }
}
