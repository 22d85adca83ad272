import Foundation
import TestSupport
import Testing

/// docs/rules.md has every rule that a comment cites, and no other.
@Suite struct RulesTests {
    @Test func everyCitedRuleIsOnThePage() throws {
        let page = try String(contentsOf: ProjectFiles.root.appending(path: "docs/rules.md"), encoding: .utf8)
        let rules = Set(page.matches(of: /(?m)^\| ([A-Z]\d+) \|/).map { String($0.1) })
        var cited: Set<String> = []
        for file in try SourceFile.all() where !file.isTest {
            for line in file.lines where line.contains("rule") {
                for match in line.matches(of: /\brules? ([A-Z])(\d+)(?:(?:–| to )[A-Z](\d+))?/) {
                    let first = try #require(Int(match.2))
                    let last = match.3.flatMap { Int($0) } ?? first
                    cited.formUnion((first...max(first, last)).map { "\(match.1)\($0)" })
                }
            }
        }
        #expect(cited.count > 10)
        #expect(cited.subtracting(rules).sorted() == [])
        #expect(rules.subtracting(cited).sorted() == [])
    }
}
