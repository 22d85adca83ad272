package import HTTPTypes

/// One request whose answer is over: what an access log tells of it.
package struct AnsweredRequest: Sendable {
    /// What a request says of itself that is kept until its answer is over. An object, as hardly any daemon has an access log.
    package final class Line: Sendable {
        /// The path as sent, without the query: whatever somebody puts there stays with them.
        package let path: String
        /// The version of the request line.
        package let version: HTTPVersion
        /// `User-Agent`.
        package let userAgent: String?
        /// `Referer`.
        package let referrer: String?

        /// The line of these parts.
        package init(path: String, version: HTTPVersion, userAgent: String? = nil, referrer: String? = nil) {
            self.path = path
            self.version = version
            self.userAgent = userAgent
            self.referrer = referrer
        }

        /// What a request says.
        convenience init(_ request: Request) {
            self.init(
                path: request.path, version: request.version, userAgent: request.field(.userAgent),
                referrer: request.field(.referer))
        }
    }

    /// The request's id.
    package let id: RequestID
    /// Who sent it.
    package let peer: Peer
    /// Who it was let in as; nil where nobody was asked for, or nobody was let in.
    package let principal: String?
    /// The method, where one could be read.
    package let method: HTTPRequest.Method?
    /// The route's template; nil when no route was found.
    package let template: String?
    /// What it says of itself; nil where it could not be read.
    package let line: Line?
    /// The answer's status; nil where the client went before there was one.
    package let status: Int?
    /// Bytes of the answer's body.
    package let bodyBytes: Int
    /// From the end of the head to the end of the answer.
    package let duration: Duration
    /// Whether the answer was written to its end.
    package let isWhole: Bool

    /// A request of these parts.
    package init(
        id: RequestID, peer: Peer, principal: String?, method: HTTPRequest.Method?, template: String?, line: Line?,
        status: Int?, bodyBytes: Int, duration: Duration, isWhole: Bool
    ) {
        self.id = id
        self.peer = peer
        self.principal = principal
        self.method = method
        self.template = template
        self.line = line
        self.status = status
        self.bodyBytes = bodyBytes
        self.duration = duration
        self.isWhole = isWhole
    }
}
