/// The text of a file of tokens: a token a line, and comments, which begin with `#` and stay where they are.
package struct TokenFile: Equatable, Sendable {
    private enum Line: Equatable, Sendable {
        case token(Token)
        /// A comment or an empty line.
        case other(String)
    }

    /// More than these are refused.
    package static let mostTokens = 10_000

    private var lines: [Line]

    /// What a new file begins with.
    package static let new = TokenFile(lines: [
        .other("# Tokens of tpud, which `tpud token add` and `tpud token revoke` change: id, role, name, hash, time.")
    ])

    private init(lines: [Line]) { self.lines = lines }

    /// Reads the text.
    /// - Parameter path: What the file is called in messages.
    /// - Throws: ``TokenFileError/malformed(path:_:)`` with every fault.
    package init(text: String, path: String) throws(TokenFileError) {
        lines = []
        var faults: [TokenFileError.Fault] = []
        var ids: [String: Int] = [:]
        // With either end of a line; it is written with the first.
        var texts = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        if texts.last == "" { texts.removeLast() }
        for (index, text) in texts.enumerated() {
            let content = text.drop { $0 == " " || $0 == "\t" }
            if content.isEmpty || content.first == "#" {
                lines.append(.other(String(text)))
                continue
            }
            do throws(TokenLineError) {
                let token = try Token(line: content)
                if let first = ids.updateValue(index + 1, forKey: token.id) {
                    faults.append(.init(line: index + 1, field: "id", detail: "is that of line \(first), too"))
                }
                lines.append(.token(token))
            } catch {
                faults += error.faults.map { .init(line: index + 1, field: $0.field, detail: $0.detail) }
            }
        }
        guard faults.isEmpty else { throw .malformed(path: path, faults) }
        guard tokens.count <= Self.mostTokens else { throw .full(path: path) }
    }

    /// Its tokens in their order.
    package var tokens: [Token] {
        lines.compactMap { line in
            guard case .token(let token) = line else { return nil }
            return token
        }
    }

    /// The text.
    package var text: String {
        lines.map { line in
            switch line {
            case .token(let token): token.line + "\n"
            case .other(let text): text + "\n"
            }
        }.joined()
    }

    /// Adds one at the end; false, and nothing is added, where one has its id.
    package mutating func add(_ token: Token) -> Bool {
        guard !tokens.contains(where: { $0.id == token.id }) else { return false }
        lines.append(.token(token))
        return true
    }

    /// Removes the one of an id; nil when there is none.
    package mutating func remove(_ id: String) -> Token? {
        let found = lines.firstIndex { line in
            guard case .token(let token) = line else { return false }
            return token.id == id
        }
        guard let found, case .token(let token) = lines.remove(at: found) else { return nil }
        return token
    }
}
