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

    /// The texts between quotes, each with its line; what is interpolated is left out. Raw strings are not looked for.
    var literals: [(line: Int, text: String)] {
        var literals: [(line: Int, text: String)] = []
        var isMultiline = false
        for (index, line) in lines.enumerated() {
            if isMultiline {
                let end = line.firstRange(of: "\"\"\"")?.lowerBound
                isMultiline = end == nil
                literals.append((index, Self.withoutInterpolations(line[..<(end ?? line.endIndex)])))
                continue
            }
            if line.hasSuffix("\"\"\"") {
                isMultiline = true
                continue
            }
            var rest = line[...]
            while let start = rest.firstIndex(where: { $0 == "\"" || $0 == "/" }) {
                if rest[start...].hasPrefix("//") { break }
                let begin = rest.index(after: start)
                guard rest[start] == "\"" else {
                    rest = rest[begin...]
                    continue
                }
                let end = Self.end(of: rest[begin...])
                literals.append((index, Self.withoutInterpolations(rest[begin..<end])))
                rest = end < rest.endIndex ? rest[rest.index(after: end)...] : ""
            }
        }
        return literals
    }

    /// Where the literal ends that begins with a text: at its closing quote, those of interpolations left out.
    private static func end(of text: Substring) -> Substring.Index {
        var depth = 0
        var isEscaped = false
        for index in text.indices {
            switch text[index] {
            case "\\" where !isEscaped:
                isEscaped = true
                continue
            case "(" where isEscaped || depth > 0: depth += 1
            case ")" where depth > 0: depth -= 1
            case "\"" where depth == 0 && !isEscaped: return index
            default: break
            }
            isEscaped = false
        }
        return text.endIndex
    }

    private static func withoutInterpolations(_ text: Substring) -> String {
        var result = ""
        var depth = 0
        var previous: Character = " "
        for character in text {
            if character == "(", previous == "\\" || depth > 0 {
                depth += 1
            } else if character == ")", depth > 0 {
                depth -= 1
            } else if depth == 0 {
                result.append(character)
            }
            previous = character
        }
        return result
    }

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
