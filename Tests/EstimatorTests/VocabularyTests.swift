import Foundation
import TestSupport
import Testing

/// `docs/vocabulary.md` names declarations: each has to be there.
@Suite struct VocabularyTests {
    /// The names in the last column of every table.
    static func namedDeclarations(in text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasSuffix("| in code |") }.flatMap { row in
            let last = row.split(separator: "|").last ?? ""
            return last.matches(of: /`(\w+)`/).map { String($0.1) }
        }
    }

    @Test func everyNamedDeclarationExists() throws {
        let text = try String(contentsOf: ProjectFiles.root.appending(path: "docs/vocabulary.md"), encoding: .utf8)
        let names = Set(Self.namedDeclarations(in: text))
        #expect(names.count > 30)
        var missing = names
        let files = FileManager.default.enumerator(
            at: ProjectFiles.root.appending(path: "Sources"), includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL, !missing.isEmpty {
            guard file.pathExtension == "swift" else { continue }
            let source = try String(contentsOf: file, encoding: .utf8)
            for match in source.matches(of: /\b(?:struct|class|enum|protocol|actor|typealias|func|var|let)\s+(\w+)/) {
                missing.remove(String(match.1))
            }
        }
        #expect(missing.isEmpty, "docs/vocabulary.md names what is not declared: \(missing.sorted())")
    }

    @Test func namesAreReadFromTheLastColumnAlone() {
        let table = """
            | word | meaning | in code |
            |---|---|---|
            | pod | `v2-8` | `Pod`, `Host` |
            | step | one `batch` | – |
            Text with `code`.
            """
        #expect(Self.namedDeclarations(in: table) == ["Pod", "Host"])
    }
}
