/// A query's items (`a=1&b=2`), decoded strictly.
package enum Query {
    /// The items in order; empty pieces between ampersands are skipped.
    /// - Throws: `HTTPError` that names the parameter whose name or value is not UTF-8 or holds a control character.
    package static func parse(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> [QueryItem] {
        var items: [QueryItem] = []
        for piece in bytes.split(separator: 0x26) {
            let equals = piece.firstIndex(of: 0x3d) ?? piece.endIndex
            let rawName = piece[..<equals]
            guard let name = text(rawName), !name.isEmpty else {
                throw HTTPError(.badQuery, "query parameter \(items.count + 1) has no readable name")
            }
            guard let value = text(equals < piece.endIndex ? piece[(equals + 1)...] : []) else {
                throw HTTPError(
                    .badQuery, "the value of query parameter \(name) is not UTF-8 text without control characters")
            }
            items.append(QueryItem(name, value))
        }
        return items
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let text = PercentCoding.decoded(bytes, plusIsSpace: true) else { return nil }
        return text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f } ? nil : text
    }
}
