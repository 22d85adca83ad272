import Foundation
import TestSupport
import Testing

@Suite struct ConventionTests {
    @Test(arguments: Rule.all.map(\.name))
    func isKept(_ name: String) throws {
        let rule = try #require(Rule.all.first { $0.name == name })
        let files = try SourceFile.all()
        #expect(files.count > 20)
        for file in files {
            for line in rule.violations(file) {
                Issue.record("\(file.path):\(line + 1): \(rule.why)")
            }
        }
    }

    @Test(arguments: Rule.all.map(\.name))
    func isBrokenByItsFixture(_ name: String) throws {
        let rule = try #require(Rule.all.first { $0.name == name })
        let places = ["file-name": "Sources/HTTP/HTTPUtils.swift", "json-key": "Sources/tpuctl/Bad.swift"]
        let file = try fixture(name, as: places[name] ?? "Sources/HTTP/Bad.swift")
        let expected = file.lines.indices.filter { file.lines[$0].hasSuffix("// breaks") }
        #expect(!rule.violations(file).isEmpty)
        if !expected.isEmpty { #expect(rule.violations(file) == expected) }
    }

    @Test func importsAreRead() throws {
        let file = try fixture("imports", as: "Sources/HTTP/Bad.swift")
        #expect(file.imports == ["Reactor", "Graph", "Store", "Jobs", "Formats"])
    }

    private func fixture(_ name: String, as path: String) throws -> SourceFile {
        let url = ProjectFiles.root.appending(path: "Tests/ConventionTests/Fixtures/\(name).swift.txt")
        return SourceFile(path: path, text: try String(contentsOf: url, encoding: .utf8))
    }
}
