package import API
import Formats
package import HTTP
import HTTPTypes

extension Problem: AnsweringError {
    /// The problem as an answer to a request: with its path and its id.
    package func answer(to request: Request) -> Response {
        var problem = self
        problem.instance = request.path
        problem.requestID = request.id.description
        return problem.response
    }

    /// The answer; members that it has no value for are left out.
    package var response: Response {
        var response = Response(
            .init(code: status, reasonPhrase: title), type: Self.mediaType, wire.serialized() + [10])
        // Who comes back at once finds the same: say when it is worth it (RFC 9110 section 10.2.3).
        if let seconds = Self.comebackSeconds(status).randomElement() { response.fields[.retryAfter] = "\(seconds)" }
        return response
    }

    /// Between how many seconds a client is told to come back, where it is worth it: whoever is refused together does not
    /// come back together.
    package static func comebackSeconds(_ status: Int) -> Range<Int> {
        switch status {
        case 429: 1..<5
        case 503: 5..<16
        default: 0..<0
        }
    }

    /// How a fault that the server itself finds looks to the client.
    package static func response(to fault: HTTPError, _ context: ProblemContext) -> Response {
        var problem = Problem(fault.status.code, code: fault.code.rawValue, detail: fault.detail)
        if fault.code == .unsupportedMediaType {
            problem.detail += "; send application/json, as curl --json @job.json does (curl -d sends a form's type)"
        }
        // A target that can't be read has no path: the request is named in its place.
        problem.instance = context.path ?? "urn:tpud:request:\(context.requestID)"
        problem.requestID = context.requestID.description
        var response = problem.response
        for field in fault.fields { response.fields[field.name] = field.value }
        return response
    }
}

extension Response {
    /// A wire value as JSON with a newline at its end, for people at a terminal.
    static func wire(_ value: some WireValue, status: HTTPResponse.Status = .ok) -> Response {
        .json(value.wire.serialized() + [10], status: status)
    }

    /// The same for what may be large: made away from the reactor's thread.
    static func wire<Value: WireValue>(
        making value: @escaping @Sendable () throws -> Value
    ) async throws -> Response {
        .json(try await DiskWork.run { try value().wire.serialized() + [10] })
    }
}
