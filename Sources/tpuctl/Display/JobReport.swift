import Formats
import OrderedCollections

/// Jobs in words.
enum JobReport {
    /// What `get` and the end of `wait` show of one job.
    static func text(_ job: JSON) -> String {
        var rows: [(String, String)] = [
            ("id", job["id"]?.string ?? ""), ("name", job["name"]?.string ?? ""),
            ("state", [job["state"]?.string, job["state_reason"]?.string].compactMap(\.self).joined(separator: ", ")),
        ]
        if let attempt = job["attempt"]?.int { rows.append(("attempt", "\(attempt)")) }
        if let slice = job["placement"]?["slice"]?.string { rows.append(("slice", slice)) }
        if let step = job["progress"]?["global_step"]?.int {
            rows.append(("step", "\(step) of \(job["progress"]?["target_step"]?.int.map(String.init) ?? "?")"))
        }
        if let evaluation = job["result"]?["evaluation"]?.object {
            for (name, value) in evaluation where name != "global_step" {
                rows.append((name, value.number?.lexeme ?? "null"))
            }
        }
        if let step = job["latest_checkpoint"]?["step"]?.int { rows.append(("checkpoint", "step \(step)")) }
        if let code = job["error"]?["code"]?.string {
            rows.append(("error", "\(code): \(job["error"]?["message"]?.string ?? "")"))
        }
        return Table.aligned(rows.map { [$0.0, $0.1] })
    }

    /// What `list` shows.
    static func table(_ jobs: [JSON]) -> String {
        Table.aligned([["ID", "NAME", "STATE", "STEP", "CREATED"]] + jobs.map(row))
    }

    private static func row(_ job: JSON) -> [String] {
        let words = ["id", "name", "state"].map { job[$0]?.string ?? "" }
        return words + [job["progress"]?["global_step"]?.number?.lexeme ?? "-", job["created_at"]?.string ?? ""]
    }
}

/// Rows of cells in columns.
enum Table {
    /// Each column as wide as its widest cell, two spaces between them, no space at the end of a line. A cell is one line,
    /// whatever it holds.
    static func aligned(_ rows: [[String]]) -> String {
        let rows = rows.map { $0.map { TerminalText.escaped($0) } }
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
