/// The declarations of a source file that say `public`, each as `Type.name(labels:)`. Requirements of protocols and
/// cases of enumerations belong to their type and are not listed by themselves.
struct PublicSurface {
    /// The names in the order of the file.
    private(set) var declarations: [String] = []

    private static let modifiers: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private", "final", "indirect", "static", "mutating",
        "convenience", "prefix", "nonisolated", "public(set)", "internal(set)", "private(set)",
    ]
    private static let types: Set<Substring> = ["struct", "enum", "class", "protocol", "actor", "extension"]

    /// Reads Swift text as swift-format lays it out: one declaration a line, members deeper than their type.
    init(parsing text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var enclosing: [(indent: Int, name: String)] = []
        for (number, line) in lines.enumerated() {
            let code = line.drop { $0 == " " }
            guard !code.isEmpty, !code.hasPrefix("//") else { continue }
            let indent = line.count - code.count
            enclosing.removeAll { $0.indent >= indent }
            var words = code.split(separator: " ")[...].drop { $0.hasPrefix("@") }
            let isPublic = words.prefix { Self.modifiers.contains($0) }.contains("public")
            words = words.drop { Self.modifiers.contains($0) }
            guard let keyword = words.first, keyword != "import" else { continue }
            if isPublic {
                let name = Self.name(of: code[keyword.startIndex...], lines[(number + 1)...])
                declarations.append((enclosing.map(\.name) + [name]).joined(separator: "."))
            }
            if Self.types.contains(keyword), let name = words.dropFirst().first {
                enclosing.append((indent, String(name.prefix { $0.isLetter || $0.isNumber || $0 == "." })))
            }
        }
    }

    /// What a declaration is called, from its keyword on; parameters may go on in the lines below.
    private static func name(of code: Substring, _ below: ArraySlice<Substring>) -> String {
        let keyword = code.prefix { $0.isLetter }
        var rest = code.dropFirst(keyword.count).drop { $0 == " " }
        var base = String(keyword)
        if keyword == "func" {
            // An operator may hold a `<`, which begins the generic parameters of a name.
            let isOperator = rest.first.map { !$0.isLetter } ?? false
            base = String(rest.prefix { isOperator ? $0 != " " : !" (<".contains($0) })
        } else if keyword != "init" && keyword != "subscript" {
            return String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        }
        rest = rest.drop { $0 != "(" }
        var parameters = ""
        var depth = 0
        for character in ([rest] + below).joined(separator: " ") {
            if "([{".contains(character) { depth += 1 }
            if ")]}".contains(character) { depth -= 1 }
            if depth == 0 { break }
            // Only the parameters' own commas and colons count.
            parameters.append(depth == 1 || !",:".contains(character) ? character : " ")
        }
        let labels = parameters.dropFirst().split(separator: ",").compactMap { parameter in
            parameter.contains(":") ? parameter.split { " :".contains($0) }.first { !$0.hasPrefix("@") } : nil
        }
        return "\(base)(\(labels.map { "\($0):" }.joined()))"
    }
}
