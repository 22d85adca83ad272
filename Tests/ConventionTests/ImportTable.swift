import Foundation
import TestSupport

/// Who may import whom: the table of docs/architecture.md, read as it stands there.
struct ImportTable: Sendable {
    /// Target to the targets of ours that it may import.
    let allowed: [String: Set<String>]

    /// Reads the rows `| targets | one line | imports |` below the heading of the table.
    init(markdown: String) {
        var allowed: [String: Set<String>] = [:]
        for line in markdown.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map(String.init)
            guard cells.count == 3 else { continue }
            let names = cells[0].matches(of: /`(\w+)`/).map { String($0.1) }
            for name in names { allowed[name] = Set(cells[2].matches(of: /`(\w+)`/).map { String($0.1) }) }
        }
        self.allowed = allowed
    }

    static func ofTheProject() throws -> ImportTable {
        let page = ProjectFiles.root.appending(path: "docs/architecture.md")
        return ImportTable(markdown: try String(contentsOf: page, encoding: .utf8))
    }
}
