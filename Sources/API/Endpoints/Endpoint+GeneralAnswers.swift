import HTTPTypes

extension Endpoint {
    /// What the route may answer whatever it does: errors of the request as HTTP, of who asks, and of the daemon's state.
    package var generalAnswers: [Answer] { Self.general.filter { $0.applies(self) }.map(\.answer) }

    /// Every error that more than one route may answer, for the reference: what it is, and which routes may answer it.
    package static let generalAnswers: [(answer: Answer, routes: String)] = general.map { ($0.answer, $0.routes) }

    private struct General {
        let answer: Answer
        let routes: String
        let applies: @Sendable (Endpoint) -> Bool
    }

    private static let general: [General] = {
        func every(_ status: Int, _ summary: String) -> General {
            General(answer: .problem(status, summary), routes: "all") { _ in true }
        }
        return [
            every(400, "The request is not HTTP/1.1, or its target or query is malformed"),
            General(
                answer: .problem(401, "A token is needed, or this one is not known (any more)"),
                routes: "all that ask for a token"
            ) { $0.asksWho },
            General(
                answer: .problem(
                    403, "The token's role is too low, the job is another's, or a page of another origin asks"),
                routes: "all that ask for a token"
            ) { $0.asksWho },
            every(408, "The request came too slowly"),
            General(answer: .problem(411, "The body is missing"), routes: "those with a body that is needed") {
                $0.needsBody
            },
            every(413, "The body is too large"), every(414, "The request line is too long"),
            General(
                answer: .problem(415, "The body is not of a type that the route takes"), routes: "those with a body"
            ) {
                $0.body != nil
            },
            every(417, "Expect asks for something other than 100-continue"),
            every(421, "Host names a host that the daemon does not answer for"),
            General(
                answer: .problem(429, "The token's name asks more often than requests_per_second allows"),
                routes: "all that ask for a token"
            ) { $0.asksWho },
            every(431, "There are too many header fields, or too large ones"),
            every(500, "The daemon failed at this request; its log says why"),
            every(501, "The transfer coding is not known"),
            every(503, "The daemon is starting, draining, short of something, or can't store anything"),
            every(505, "The major version of HTTP is not 1"),
            General(
                answer: .problem(507, "The state folder's disk is full"), routes: "those that change something"
            ) { $0.method != .get },
        ]
    }()

    /// Whether it asks who asks.
    private var asksWho: Bool { admission.least != nil }

    /// Whether a request without a body is refused.
    private var needsBody: Bool {
        switch body {
        case .json, .patch: true
        case .emptyObject, nil: false
        }
    }
}
