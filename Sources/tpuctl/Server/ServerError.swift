import API
import Formats
import Transfer

/// An answer of the server with an error status: RFC 9457's problem document in words.
struct ServerError: Error, CustomStringConvertible {
    let status: Int
    let description: String

    /// Reads the problem; an answer that is none is told by its status.
    init(_ reply: Reply) {
        status = reply.status
        var lines: [String]
        if let json = try? JSON(parsing: reply.body), let problem = try? Problem(wire: json) {
            lines = Self.words(problem)
        } else {
            lines = ["the server answered \(reply.status)"]
        }
        if status == 401 { lines.append("  tpuctl sends the token in TPUD_TOKEN, or in the file of --token-file") }
        if let after = reply.field("retry-after") { lines.append("  try again after \(after) s") }
        description = lines.joined(separator: "\n")
    }

    /// Each fault once: where they are listed, the sentence that sums them up only says how many there are.
    private static func words(_ problem: Problem) -> [String] {
        let heading = "\(problem.title) (\(problem.status))"
        if problem.errors.count == 1, problem.detail.hasSuffix(problem.errors[0].detail) {
            return ["\(heading): \(problem.detail)"]
        }
        let detail = problem.detail.isEmpty || problem.detail == problem.title ? "" : ": \(problem.detail)"
        return [heading + detail]
            + problem.errors.map { fault in
                let place = fault.pointer?.description ?? fault.parameter ?? ""
                return "  " + TerminalText.escaped(place.isEmpty ? fault.detail : "\(place): \(fault.detail)")
            }
    }
}
