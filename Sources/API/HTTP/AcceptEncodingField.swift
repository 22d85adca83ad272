/// The content codings that a client takes (RFC 9110 section 12.5.3).
package struct AcceptEncodingField: Sendable {
    private let refusals: [(coding: String, isRefused: Bool)]

    /// Reads the field; nil for a request without one, which is taken to want none.
    package init(_ field: String?) {
        refusals = (field ?? "").split(separator: ",").map { element in
            let parts = element.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
            // A weight of nothing but zeros refuses (section 12.4.2).
            return (parts.first ?? "", weight.map { $0.allSatisfy { $0 == "0" || $0 == "." } } ?? false)
        }
    }

    /// Whether a coding is taken: by its own name, else by `*`.
    package func takes(_ coding: String) -> Bool {
        let found = refusals.first { $0.coding == coding } ?? refusals.first { $0.coding == "*" }
        return found.map { !$0.isRefused } ?? false
    }
}
