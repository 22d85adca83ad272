import Foundation
import TestSupport

/// One Swift file of the project as the rules see it.
struct SourceFile: Sendable {
    /// Path relative to the project's folder, `Sources/HTTP/Framing.swift`.
    let path: String
    let lines: [Substring]
    /// The lines without their comments and without what is between quotes, so that a rule reads code only.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        code = lines.map(Self.code)
    }

    /// The target that the file belongs to: the folder below `Sources` or `Tests`.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    /// Whether it is a test's or an example's.
    var isTest: Bool { path.hasPrefix("Tests/") || path.hasPrefix("docs/") }

    /// The modules that it imports.
    var imports: Set<String> {
        Set(
            code.filter { $0.contains("import") }.compactMap { line in
                line.firstMatch(
                    of: /^\s*(?:@\w+(?:\(\w+\))?\s+)?(?:\w+\s+)?import\s+(?:(?:struct|class|enum|func)\s+)?(\w+)/
                ).map { String($0.1) }
            })
    }

    private static func code(_ line: Substring) -> String {
        var code: [UInt8] = []
        var isQuoted = false
        var previous = UInt8(ascii: " ")
        for byte in line.utf8 {
            if byte == UInt8(ascii: "\""), previous != UInt8(ascii: "\\") { isQuoted.toggle() }
            if !isQuoted, byte == UInt8(ascii: "/"), previous == byte {
                return String(decoding: code.dropLast(), as: UTF8.self)
            }
            if !isQuoted || byte == UInt8(ascii: "\"") { code.append(byte) }
            previous = byte
        }
        return String(decoding: code, as: UTF8.self)
    }

    /// Whether a comment ends on the line before `index`, attributes and other marks of the same declaration aside.
    func hasReason(above index: Int) -> Bool {
        var above = index - 1
        while above >= 0, lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
        return above >= 0 && lines[above].drop(while: { $0 == " " }).hasPrefix("//")
    }

    /// Every Swift file below `Sources` and `Tests`, and the examples'.
    static func all() throws -> [SourceFile] { try found.get() }

    private static let found = Result {
        try ["Sources", "Tests", "docs/examples/library/Sources"].flatMap { folder in
            let base = ProjectFiles.root.appending(path: folder)
            let walk = FileManager.default.enumerator(atPath: base.path)
            return try (walk?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }.sorted().map {
                SourceFile(
                    path: "\(folder)/\($0)",
                    text: try String(contentsOf: base.appending(path: $0), encoding: .utf8))
            }
        }
    }
}
