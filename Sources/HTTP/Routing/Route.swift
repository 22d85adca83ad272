package import HTTPTypes

/// What answers a request.
package enum Handler: Sendable {
    /// A plain function on the reactor's thread: it must never wait.
    case immediate(@Sendable (Request) throws -> Response)
    /// A task on the reactor's thread that leaves it to wait. Cancelled when the client goes away: at once when the
    /// connection broke; a while (`ServerConfiguration.Timeouts.halfClosed`) after the client closed its side for GET and HEAD.
    case async(@Sendable (Request) async throws -> Response)
    /// As `async`; the task ends where the answer is held, and the rest happens without one.
    case deferred(@Sendable (Request) async throws -> HandlerResult)
    /// As `immediate`, for what is often at hand; where it is not and the first function returns nil, the other answers as
    /// `deferred` does.
    case immediateOrDeferred(
        @Sendable (Request) throws -> Response?, otherwise: @Sendable (Request) async throws -> HandlerResult)
}

/// Which body a route takes.
package enum BodyRule: Sendable, Equatable {
    /// Any body, or none, of which the handler makes what it likes.
    case any
    /// Whatever comes is read and dropped: the handler sees an empty body.
    case ignored
    /// A body of one of these media types (lower-case, no parameters). 411 without Content-Length and Transfer-Encoding,
    /// 415 for another type or a Content-Encoding; both before the body is read.
    case required(types: [String])
    /// As `required`, but there may be none.
    case optional(types: [String])
}

/// What a route says of who asks.
package enum Admittance: Sendable {
    /// It may go on. `bearer` names what it was let in by, which may be taken back (``Server/breakOff(bearers:)``); nil for
    /// nothing of that kind. `principal` says who asks, for the access log; nil where that does not matter.
    case admitted(bearer: String?, principal: String? = nil)
    /// It is answered this error, before its body is read.
    case refused(HTTPError)
}

/// A method and a path template with what answers. An object, as every request refers to one.
package final class Route: Sendable {
    /// The method. HEAD comes with GET, OPTIONS with every path.
    package let method: HTTPRequest.Method
    /// `/v1/jobs/{id}/events`: literal segments and whole segments in braces.
    package let template: String
    /// Which body it takes. Default any.
    package let body: BodyRule
    /// Whether its handler is cancelled when the client has closed its side, as that of a GET is.
    package let endsWithClient: Bool
    /// Looks at who asks before the body is read. On the reactor's thread: it must never wait.
    package let admits: @Sendable (Request) -> Admittance
    /// What answers.
    package let handler: Handler

    /// A route.
    /// - Parameters:
    ///   - endsWithClient: default false: a method other than GET and HEAD has effects that nobody wants cut off.
    ///   - admits: default everybody.
    package init(
        _ method: HTTPRequest.Method, _ template: String, body: BodyRule = .any, endsWithClient: Bool = false,
        admits: @escaping @Sendable (Request) -> Admittance = { _ in .admitted(bearer: nil) }, _ handler: Handler
    ) {
        self.endsWithClient = endsWithClient
        self.admits = admits
        self.method = method
        self.template = template
        self.body = body
        self.handler = handler
    }
}
