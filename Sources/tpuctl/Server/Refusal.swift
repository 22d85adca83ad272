import Formats
import Transfer

/// An answer of the server with an error status: RFC 9457's problem document in words.
struct Refusal: Error, CustomStringConvertible {
    let status: Int
    let description: String

    /// Reads the problem; an answer that is none is told by its status.
    init(_ reply: Reply) {
        status = reply.status
        guard let problem = try? JSON(parsing: reply.body), let title = problem["title"]?.string else {
            description = "the server answered \(reply.status)"
            return
        }
        var lines = ["\(title) (\(reply.status))"]
        let faults = problem["errors"]?.array ?? []
        if let detail = problem["detail"]?.string, detail != title { lines[0] += ": \(detail)" }
        for fault in faults {
            let words = ["pointer", "detail"].map { TerminalText.escaped(fault[$0]?.string ?? "") }
            lines.append("  \(words[0]): \(words[1])")
        }
        if let after = reply.field("retry-after") { lines.append("  try again after \(after) s") }
        description = lines.joined(separator: "\n")
    }
}
