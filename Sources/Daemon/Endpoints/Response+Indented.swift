import API
import Formats
import HTTP
import HTTPTypes

extension Response {
    /// The same with its JSON indented, for people; unchanged where the body is not JSON. Takes as long as reading and writing
    /// the body does.
    var indented: Response {
        guard case .bytes(let bytes) = body, let type = fields[.contentType], type.hasSuffix("json"),
            let json = try? JSON(parsing: bytes, limits: .own)
        else { return self }
        var response = self
        response.body = .bytes(json.serialized(pretty: true) + [10])
        return response
    }
}

/// A problem that is indented, for people.
struct IndentedProblem: AnsweringError {
    let problem: Problem

    func answer(to request: Request) -> Response { problem.answer(to: request).indented }
}
