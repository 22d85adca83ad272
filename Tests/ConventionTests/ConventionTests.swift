import Foundation
import ProjectFiles
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

    @Test func importsFollowTheArchitecture() throws {
        let table = try ImportTable.ofTheProject()
        #expect(table.allowed.count > 15)
        for file in try SourceFile.all() {
            if !file.isTest { #expect(table.allowed[file.target] != nil, "\(file.target) has no row in the table") }
            for line in table.violations(file) {
                Issue.record("\(file.path):\(line + 1): \(file.target) may not import this")
            }
        }
    }

    @Test func anImportAgainstTheArchitectureIsFound() throws {
        let table = ImportTable(
            markdown: """
                | `Reactor` | descriptors | `CLinux` |
                | `HTTP` | requests | `Reactor` |
                | `Store` | truth | – |
                """)
        let file = try fixture("imports", as: "Sources/HTTP/Bad.swift")
        #expect(table.violations(file) == file.lines.indices.filter { file.lines[$0].hasSuffix("// breaks") })
    }

    private func fixture(_ name: String, as path: String) throws -> SourceFile {
        let url = ProjectFiles.root.appending(path: "Tests/ConventionTests/Fixtures/\(name).swift.txt")
        return SourceFile(path: path, text: try String(contentsOf: url, encoding: .utf8))
    }
}
