import Foundation
import TestSupport

/// One Swift file of the project as the rules see it.
struct SourceFile: Sendable {
    /// Path relative to the project's folder, `Sources/HTTP/Framing.swift`.
    let path: String
    let lines: [Substring]

    init(path: String, text: String) {
        self.path = path
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The target that the file belongs to: the folder below `Sources` or `Tests`.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    var isTest: Bool { path.hasPrefix("Tests/") }

    /// The modules that it imports.
    var imports: Set<String> {
        Set(
            lines.indices.compactMap { index in
                code(index).firstMatch(
                    of: /^\s*(?:@\w+(?:\(\w+\))?\s+)?(?:\w+\s+)?import\s+(?:(?:struct|class|enum|func)\s+)?(\w+)/
                ).map { String($0.1) }
            })
    }

    /// The line without its comment and without what stands between quotes, so that a rule reads code only.
    func code(_ index: Int) -> String {
        var code = ""
        var quoted = false
        var previous: Character = " "
        for character in lines[index] {
            if character == "\"", previous != "\\" { quoted.toggle() }
            if !quoted, character == "/", previous == "/" { return String(code.dropLast()) }
            if !quoted || character == "\"" { code.append(character) }
            previous = character
        }
        return code
    }

    /// Whether a comment ends on the line before `index`, attributes and other marks of the same declaration aside.
    func hasReason(above index: Int) -> Bool {
        var above = index - 1
        while above >= 0, lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
        return above >= 0 && lines[above].drop(while: { $0 == " " }).hasPrefix("//")
    }

    /// Every Swift file below `Sources` and `Tests`.
    static func all() throws -> [SourceFile] {
        try ["Sources", "Tests"].flatMap { folder in
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
