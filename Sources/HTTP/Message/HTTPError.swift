package import HTTPTypes

/// Why the server itself answers a request with an error, or cannot read it. How it looks to the client is up to
/// `ServerConfiguration.problem`.
package struct HTTPError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of error; the raw value is stable and fit for a problem's `code`.
    package enum Code: String, Sendable, CaseIterable {
        /// 400: bytes that are not HTTP (RFC 9112 sections 2 to 7).
        case malformedRequest = "MALFORMED_REQUEST"
        /// 400: framing that could be read in two ways (RFC 9112 section 6).
        case badFraming = "BAD_FRAMING"
        /// 400: Host missing, doubled or no host (RFC 9112 section 3.2).
        case badHost = "BAD_HOST"
        /// 400: a target, path or percent-encoding that RFC 3986 does not allow.
        case badTarget = "BAD_TARGET"
        /// 400: a query that cannot be decoded; the parameter is named.
        case badQuery = "BAD_QUERY"
        /// 401: the route asks who asks, and the request does not say, or not so that it is believed; WWW-Authenticate is
        /// in `fields` (RFC 9110 section 15.5.2).
        case unauthenticated = "UNAUTHENTICATED"
        /// 403: who asks may not do this.
        case forbidden = "FORBIDDEN"
        /// 404: no route has this path.
        case notFound = "NOT_FOUND"
        /// 405: the path has no such method; Allow is in `fields`.
        case methodNotAllowed = "METHOD_NOT_ALLOWED"
        /// 403: a page of another origin asks for something to be done.
        case foreignOrigin = "FOREIGN_ORIGIN"
        /// 408: the client was too slow.
        case timeout = "REQUEST_TIMEOUT"
        /// 411: the route needs a body and none was announced.
        case lengthRequired = "LENGTH_REQUIRED"
        /// 413: the body is over the limit.
        case bodyTooLarge = "BODY_TOO_LARGE"
        /// 414: the request line is over the limit.
        case targetTooLong = "URI_TOO_LONG"
        /// 415: the body is of a type that the route does not take.
        case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
        /// 416: no byte of the file is in the range.
        case rangeNotSatisfiable = "RANGE_NOT_SATISFIABLE"
        /// 417: an expectation other than 100-continue.
        case expectationFailed = "EXPECTATION_FAILED"
        /// 421: the request is for a host that the server does not answer for (RFC 9110 section 15.5.20).
        case misdirected = "MISDIRECTED_REQUEST"
        /// 429: who asks asks too often; Retry-After is in `fields` (RFC 6585 section 4).
        case rateLimited = "RATE_LIMITED"
        /// 431: too many fields, or too large ones.
        case fieldsTooLarge = "FIELDS_TOO_LARGE"
        /// 500: a handler failed.
        case internalError = "INTERNAL_ERROR"
        /// 501: a method or coding that the server does not know.
        case notImplemented = "NOT_IMPLEMENTED"
        /// 503: too much is going on.
        case overloaded = "OVERLOADED"
        /// 505: a major version other than 1.
        case versionNotSupported = "VERSION_NOT_SUPPORTED"
    }

    /// The kind.
    package let code: Code
    /// One sentence for the client; never a path of the server's or a trace.
    package let detail: String
    /// Fields that the answer must carry: WWW-Authenticate of 401, Allow of 405, Accept of 415, Retry-After of 429 and 503. Default none.
    package var fields: HTTPFields

    /// An error.
    package init(_ code: Code, _ detail: String, fields: HTTPFields = [:]) {
        self.code = code
        self.detail = detail
        self.fields = fields
    }

    /// `BAD_HOST (400): …`
    package var description: String { "\(code.rawValue) (\(status.code)): \(detail)" }

    /// The status of the answer.
    package var status: HTTPResponse.Status {
        switch code {
        case .malformedRequest, .badFraming, .badHost, .badTarget, .badQuery: .badRequest
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .unauthenticated: .unauthorized
        case .foreignOrigin, .forbidden: .forbidden
        case .timeout: .requestTimeout
        case .lengthRequired: .lengthRequired
        case .bodyTooLarge: .contentTooLarge
        case .targetTooLong: .uriTooLong
        case .unsupportedMediaType: .unsupportedMediaType
        case .rangeNotSatisfiable: .rangeNotSatisfiable
        case .expectationFailed: .expectationFailed
        case .misdirected: .misdirectedRequest
        case .rateLimited: .tooManyRequests
        case .fieldsTooLarge: .requestHeaderFieldsTooLarge
        case .internalError: .internalServerError
        case .notImplemented: .notImplemented
        case .overloaded: .serviceUnavailable
        case .versionNotSupported: .httpVersionNotSupported
        }
    }
}

/// An error of a handler that knows its answer; every other error becomes a 500 with the request's id.
package protocol AnsweringError: Error {
    /// The answer to `request`.
    func answer(to request: Request) -> Response
}
