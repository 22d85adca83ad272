package import API
import Glibc
package import HTTP
import HTTPTypes

/// Who asks, and whether it may.
package struct Access: Sendable {
    /// The tokens that hold; nil where the daemon has none, and whoever reaches it may do everything.
    package let tokens: LiveTokens?
    private let ownUser: UInt32
    private let rates: RequestRates?

    /// Without tokens: addresses alone say who reaches the daemon.
    package static let open = Access(tokens: nil)

    /// - Parameters:
    ///   - ownUser: Whom the daemon runs as. Default the process's user.
    ///   - rates: How many requests each name may make. Default as many as it likes.
    package init(tokens: LiveTokens?, ownUser: UInt32 = geteuid(), rates: RequestRates? = nil) {
        self.tokens = tokens
        self.ownUser = ownUser
        self.rates = rates
    }

    /// Whether a request may go on to its operation.
    package func admittance(of request: Request, by admission: Admission) -> Admittance {
        guard let least = admission.least else { return .admitted(bearer: nil) }
        do throws(HTTPError) {
            let principal = try principal(of: request)
            if let seconds = rates?.take(principal.name) {
                return .refused(
                    HTTPError(
                        .rateLimited, "\(principal.name) asks more often than requests_per_second allows",
                        fields: [.retryAfter: "\(seconds)"]))
            }
            if principal.role >= least {
                return .admitted(bearer: principal.token, principal: principal.name)
            }
            return .refused(
                HTTPError(
                    .forbidden, "\(principal.name) is \(principal.role.words), and this is for \(admission.words)",
                    fields: Self.challenge("insufficient_scope")))
        } catch {
            return .refused(error)
        }
    }

    /// Who asks.
    /// - Throws: 401 where that is not known.
    package func principal(of request: Request) throws(HTTPError) -> Principal {
        try principal(authorization: request.field(.authorization), peer: request.peer)
    }

    /// Who asks, by the value of Authorization and the other end of the connection.
    /// - Throws: 401 where that is not known.
    package func principal(authorization: String?, peer: Peer) throws(HTTPError) -> Principal {
        guard let tokens else { return .anonymous }
        guard let authorization else {
            // Whoever is root or the daemon's user could read its memory: no token would keep it out.
            if case .unixSocket(let user?) = peer, user == 0 || user == ownUser { return Principal(user: user) }
            throw HTTPError(
                .unauthenticated,
                "a token is needed: send \"Authorization: Bearer TOKEN\", as tpuctl does with TPUD_TOKEN; the operator of the daemon makes tokens with tpud token add",
                fields: Self.challenge(nil))
        }
        guard let bearer = BearerToken(authorization: authorization) else {
            throw HTTPError(
                .unauthenticated, "Authorization must be \"Bearer\", a space and a token as tpud token add prints it",
                fields: Self.challenge("invalid_token"))
        }
        guard let token = tokens.token(of: bearer) else {
            throw HTTPError(
                .unauthenticated, "the token is not known: it was revoked, or it is another daemon's",
                fields: Self.challenge("invalid_token"))
        }
        return Principal(token)
    }

    /// WWW-Authenticate (RFC 6750 section 3): an error where a token came.
    private static func challenge(_ error: String?) -> HTTPFields {
        [.wwwAuthenticate: "Bearer realm=\"tpud\"" + (error.map { ", error=\"\($0)\"" } ?? "")]
    }
}
