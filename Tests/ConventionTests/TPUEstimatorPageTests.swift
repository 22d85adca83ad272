import Foundation
import TestSupport
import Testing

/// docs/tpuestimator.md says of each symbol of the source where it lives here and which test shows it: declarations and suites that
/// are there.
@Suite struct TPUEstimatorPageTests {
    /// A row of one of the page's tables.
    struct Row {
        /// What it is about.
        let symbol: Substring
        /// The declarations in the second column, `Type.member` or `Type`.
        let declarations: [String]
        /// The suites in the third.
        let suites: [String]
        /// The third column's words beside the suites.
        let words: String

        static func all(of page: String) -> [Row] {
            page.split(separator: "\n").compactMap { line in
                let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                guard cells.count == 5, cells[0].isEmpty, !cells[1].hasPrefix("---"),
                    cells[3] != " shown by, or why not "
                else { return nil }
                let named = cells[3].matches(of: /`(\w+Tests)`/).map { String($0.1) }
                return Row(
                    symbol: cells[1],
                    declarations: cells[2].matches(of: /`([\w.]+)`/).map { String($0.1) }, suites: named,
                    words: cells[3].replacing(/`\w+Tests`/, with: "").filter(\.isLetter))
            }
        }
    }

    private let rows: [Row]

    init() throws {
        let page = ProjectFiles.root.appending(path: "docs/tpuestimator.md")
        rows = Row.all(of: try String(contentsOf: page, encoding: .utf8))
        try #require(rows.count > 50)
    }

    @Test func everyRowSaysWhereOrWhyNot() {
        for row in rows {
            if row.declarations.isEmpty {
                #expect(row.suites.isEmpty && row.words.count > 20, "\(row.symbol) is nowhere, and there is no reason")
            } else {
                #expect(!row.suites.isEmpty, "\(row.symbol) has no test that shows it")
            }
        }
    }

    @Test func everyDeclarationIsThere() throws {
        let declared = Self.names(in: try SourceFile.all().filter { !$0.isTest }.flatMap(\.code))
        for row in rows {
            for name in row.declarations {
                let missing = name.split(separator: ".").map(String.init).filter { !declared.contains($0) }
                #expect(missing.isEmpty, "\(row.symbol): \(name) is not declared")
            }
        }
    }

    @Test func everySuiteIsThere() throws {
        let suites = Self.suites(in: try SourceFile.all().filter(\.isTest).flatMap(\.code))
        for row in rows {
            for suite in row.suites {
                #expect(suites.contains(suite), "\(row.symbol): there is no suite \(suite)")
            }
        }
    }

    @Test func theReaders() {
        let rows = Row.all(
            of: """
                | in TensorFlow | here | shown by, or why not |
                |---|---|---|
                | `a(b)` | `C.d`, `E` | `FTests`: so it is |
                | `g` | – | nobody needs it |
                """)
        #expect(rows.map(\.symbol) == [" `a(b)` ", " `g` "])
        #expect(rows.map(\.declarations) == [["C.d", "E"], []])
        #expect(rows.map(\.suites) == [["FTests"], []])
        #expect(rows.map(\.words) == ["soitis", "nobodyneedsit"])
        #expect(
            Self.names(in: ["package struct A: B {", "    static func c(_ d: Int) {", "case e = 1"])
                == ["A", "c", "e"])
        #expect(
            Self.suites(in: ["@Suite struct ATests {", "struct BTests: Sendable {", "struct C {"]) == [
                "ATests", "BTests",
            ])
    }

    private static func names(in code: [String]) -> Set<String> {
        let declaration = /\b(?:struct|class|enum|protocol|actor|typealias|func|var|let|case)\s+(\w+)/
        return Set(code.flatMap { line in line.matches(of: declaration).map { String($0.1) } })
    }

    private static func suites(in code: [String]) -> Set<String> {
        Set(code.flatMap { line in line.matches(of: /\bstruct (\w+Tests)\b/).map { String($0.1) } })
    }
}
