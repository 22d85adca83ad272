/// A convention of docs/style.md that a program can check: lines that break it, and a file that shows it broken.
struct Rule: Sendable {
    /// The fixture's name too: `Fixtures/<name>.swift.txt`.
    let name: String
    let why: String
    /// Numbers of the lines (from 0) that break the rule.
    let violations: @Sendable (SourceFile) -> [Int]

    /// A rule that looks at one line of code at a time.
    static func line(
        _ name: String, why: String, where breaks: @escaping @Sendable (SourceFile, Int, String) -> Bool
    ) -> Rule {
        Rule(name: name, why: why) { file in
            file.lines.indices.filter { breaks(file, $0, file.code[$0]) }
        }
    }
}

extension Rule {
    /// Every rule but the one on imports, which needs the architecture's table.
    static let all: [Rule] = [
        Rule(name: "file-length", why: "one concept a file, 400 lines at most") { file in
            file.lines.count > 401 ? [400] : []
        },
        Rule(name: "file-name", why: "a file is named for its concept") { file in
            let name = file.path.split(separator: "/").last ?? ""
            return ["Utils", "Helper", "Common", "Manager"].contains(where: name.contains) ? [0] : []
        },
        .line("testable", why: "tests use what package access gives: they run in release") { _, _, code in
            code.contains("@testable")
        },
        .line("print", why: "only mains write to standard output") { file, _, code in
            let main = ["tpud", "tpuctl", "Benchmarks"].contains(file.target)
            return !main && code.contains("print(") && code.firstMatch(of: /(^|[^.\w])print\(/) != nil && !file.isTest
        },
        .line("unchecked", why: "what the compiler cannot check has its reason on the line above") {
            file, index, code in
            let unchecked = ["@unchecked Sendable", "nonisolated(unsafe)", "unowned(unsafe)"]
            return unchecked.contains(where: code.contains) && !file.hasReason(above: index)
        },
        .line("unsafe", why: "a declaration that works with `unsafe` has its reason on the line above") {
            file, index, code in
            guard code.contains("unsafe "), code.firstMatch(of: /(^|[\s(=])unsafe\s/) != nil,
                !file.hasReason(above: index)
            else { return false }
            return !file.hasReason(above: file.declaration(around: index))
        },
        .line("trap", why: "bad input never traps; a trap has its reason on the line above") { file, index, code in
            let traps = ["fatalError(", "try!", "as!"]
            return traps.contains(where: code.contains) && !file.hasReason(above: index)
        },
        .line("json-key", why: "the client reads answers by the API's views, which know their names") { file, _, code in
            file.target == "tpuctl" && !code.contains("environment[") && code.firstMatch(of: /[\w\])?]\[""\]/) != nil
        },
        Rule(name: "house-words", why: "messages use the words that everybody uses: \"X is not a Y\"") { file in
            guard !file.isTest else { return [] }
            return file.literals.filter { literal in
                literal.text.firstMatch(of: houseWords) != nil
            }.map(\.line)
        },
        Rule(name: "later", why: "work is done or it is an issue, not a note in the code") { file in
            file.lines.indices.filter {
                file.lines[$0].firstMatch(of: /\/\/.*\b(TODO|FIXME|XXX)\b/) != nil
            }
        },
    ]
}

/// Words that only this project would use so, and "is no" for "is not a".
// unsafe: a regular expression that nobody changes; Regex is not Sendable.
private nonisolated(unsafe) let houseWords =
    /\b((is|are|was|were) no(?! longer)|stands?|stood|wish(es)?|doors?|roofs?|truth|hearts?|voices?|puts? away|places?|shares?)\b/
    .ignoresCase()

extension SourceFile {
    /// The line on which the nearest declaration begins that encloses `index`.
    func declaration(around index: Int) -> Int {
        func indent(_ line: Int) -> Int { lines[line].prefix { $0 == " " }.count }
        var limit = indent(index) + 1
        for line in stride(from: index, through: 0, by: -1) where !lines[line].allSatisfy({ $0 == " " }) {
            guard indent(line) < limit else { continue }
            limit = indent(line)
            if code[line].firstMatch(of: /\b(func|init|deinit|var|let|subscript|struct|class|enum|extension|actor)\b/)
                != nil
            {
                if code[line].firstMatch(of: /^\s*(if|guard|while|for|let|var)\b.*=/) == nil { return line }
            }
        }
        return 0
    }
}
