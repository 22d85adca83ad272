import API
import Formats
import HTTP
import HTTPTypes
import Jobs
import OrderedCollections
import Store

extension Endpoints {
    /// `POST /v1/hosts/{n}/<verb>`.
    func ask(_ verb: HostVerb, _ request: Request) async throws -> Response {
        try Self.requireNoMembers(request.body)
        let name = request.parameter("n") ?? ""
        guard let host = StrictInteger.parse(name), (0..<services.pod.hosts).contains(host) else {
            throw Problem(
                .noSuchHost,
                detail:
                    "The pod \(services.pod.name) has the hosts 0 to \(services.pod.hosts - 1), not \"\(name.prefix(64))\""
            )
        }
        let principal = try services.access.principal(of: request)
        let key = try await Self.replyKey(
            request, of: principal, path: "/v1/hosts/\(host)/\(verb.rawValue)")
        let promise = key.map { key in ReplyPromise<HostChange>(key) { Self.reply(to: $0) } }
        do {
            switch try await supervisor.ask(
                verb, ofHost: host, promise: promise, audit: Self.mark(request, of: principal, verb.rawValue))
            {
            case .done(let change):
                let reply = Self.reply(to: change)
                return .json(reply.body, status: .init(code: reply.status))
            case .earlier(let reply): return Self.again(reply)
            case .conflict: throw Self.keyReused(key)
            }
        } catch StoreError.illegalHostVerb(_, let state) {
            var allowed: [HostVerb] = []
            if case .illegal(let others) = verb.action(in: state) { allowed = others }
            throw Self.illegal(
                state.rawValue, allowed: allowed.map(\.rawValue),
                "Host \(host) is \(state.rawValue) and can't be asked to \(verb.rawValue)")
        }
    }

    private static func reply(to change: HostChange) -> KeptReply {
        KeptReply(
            status: change.from == change.to ? 200 : 202,
            body: HostView(host: change.host, state: change.to).wire.serialized() + [10])
    }
}
