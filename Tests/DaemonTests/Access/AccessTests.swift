import API
import Daemon
import HTTP
import HTTPTypes
import ReactorSupport
import Testing

/// Who asks, and whether it may.
@Suite struct AccessTests {
    private static let browser = Peer.internet(address: "192.0.2.1", port: 5)
    private static let ownUser: UInt32 = 1000

    private let folder: FolderOfTokens
    private let access: Access
    private let tokens: [Role: BearerToken]

    init() throws {
        folder = try FolderOfTokens()
        var tokens: [Role: BearerToken] = [:]
        for role in Role.allCases { tokens[role] = try folder.add(role, "the-\(role.rawValue)") }
        self.tokens = tokens
        access = Access(tokens: try LiveTokens(path: folder.file), ownUser: Self.ownUser)
    }

    private func request(_ authorization: String?, peer: Peer = browser) throws -> Request {
        let storage = RequestStorage()
        storage.peer = peer
        let field = authorization.map { "Authorization: \($0)\r\n" } ?? ""
        let bytes = Array("GET /a HTTP/1.1\r\nHost: h\r\n\(field)\r\n".utf8)
        _ = try #require(try HeadParser().parse(bytes.span, into: storage))
        return Request(storage)
    }

    private func bearer(_ role: Role) throws -> String { "Bearer \(try #require(tokens[role]).text)" }

    private func refusal(_ request: Request, _ admission: Admission, _ access: Access? = nil) -> HTTPError? {
        guard case .refused(let error) = (access ?? self.access).admittance(of: request, by: admission) else {
            return nil
        }
        return error
    }

    /// Every operation with every role, and without a token.
    @Test(arguments: Endpoint.Operation.allCases)
    func everyOperationIsForItsRoles(operation: Endpoint.Operation) throws {
        let admission = Endpoint.of(operation).admission
        for role in Role.allCases {
            let may: Bool =
                switch operation {
                case .healthz, .readyz, .page, .pageFile: true
                case .listJobs, .getJob, .listJobEvents, .readLogs, .readMetrics, .listCheckpoints,
                    .downloadCheckpointFile, .readPredictions, .listAttempts, .readTopology, .readQueue, .listEvents,
                    .version, .metrics, .openAPI, .listDeliveries, .readSpecification, .listProfiles, .downloadProfile:
                    true
                case .submitJob, .changeJob, .deleteJob, .cancelJob, .killJob, .pauseJob, .resumeJob, .checkpointJob,
                    .profileJob, .redeliver:
                    role != .viewer
                case .readAudit: role == .admin
                case .drainHost, .undrainHost, .failHost, .repairHost: role == .operator || role == .admin
                }
            let error = refusal(try request(try bearer(role)), admission)
            #expect((error == nil) == may, "\(operation) \(role)")
            if let error {
                #expect(error.code == .forbidden && error.detail.contains("the-\(role.rawValue) is \(role.words)"))
                #expect(error.fields[.wwwAuthenticate] == "Bearer realm=\"tpud\", error=\"insufficient_scope\"")
            }
        }
        let anonymous = refusal(try request(nil), admission)
        let isOpen = [.healthz, .readyz, .page, .pageFile].contains(operation)
        #expect((anonymous == nil) == isOpen, "\(operation)")
        #expect(anonymous == nil || anonymous?.code == .unauthenticated)
        #expect(refusal(try request(nil), admission, .open) == nil)
    }

    @Test func whatLetARequestInIsTold() throws {
        let token = try #require(tokens[.viewer])
        guard
            case .admitted(let bearer, let principal) = access.admittance(
                of: try request(try bearer(.viewer)), by: .role(.viewer))
        else {
            Issue.record("it is refused")
            return
        }
        #expect(bearer == token.id && principal == "the-viewer")
    }

    @Test func theSchemeIsTakenInEitherCaseAndTheTokenAsItIs() throws {
        let token = try #require(tokens[.submitter]).text
        for text in ["Bearer \(token)", "bearer \(token)", "BEARER   \(token)"] {
            #expect(try access.principal(of: try request(text)).name == "the-submitter", "\(text)")
        }
        for text in [
            token, "Bearer", "Bearer ", "Basic \(token)", "Bearer \(token.uppercased())", "Bearer \(token)x",
            "Bearer \(token), Bearer \(token)", "Token \(token)",
        ] {
            let error = #expect(throws: HTTPError.self) { try access.principal(of: try request(text)) }
            #expect(error?.code == .unauthenticated)
            #expect(error?.fields[.wwwAuthenticate] == "Bearer realm=\"tpud\", error=\"invalid_token\"")
            #expect(error?.detail.contains(token) == false)
        }
    }

    @Test func anUnknownTokenAndNoneAreTold() throws {
        var generator = SystemRandomNumberGenerator()
        let other = BearerToken(using: &generator).text
        let unknown = #expect(throws: HTTPError.self) { try access.principal(of: try request("Bearer \(other)")) }
        #expect(unknown?.detail == "the token is not known: it was revoked, or it is another daemon's")
        let none = #expect(throws: HTTPError.self) { try access.principal(of: try request(nil)) }
        #expect(none?.code == .unauthenticated && none?.detail.contains("TPUD_TOKEN") == true)
        #expect(none?.fields[.wwwAuthenticate] == "Bearer realm=\"tpud\"")
    }

    /// Over the Unix socket root and the daemon's own user need none; a token says more than the socket.
    @Test func theUnixSocketTellsWhoAsks() throws {
        for (user, name) in [(0, "uid:0"), (Self.ownUser, "uid:1000"), (1001, nil), (nil, nil)] as [(UInt32?, String?)]
        {
            let request = try request(nil, peer: .unixSocket(user: user))
            #expect((try? access.principal(of: request))?.name == name)
        }
        let viewer = try request(try bearer(.viewer), peer: .unixSocket(user: 0))
        #expect(try access.principal(of: viewer).name == "the-viewer")
        #expect(throws: HTTPError.self) {
            try access.principal(of: try request("Bearer x", peer: .unixSocket(user: 0)))
        }
    }

    @Test func whoAsksTooOftenIsToldWhenItMayAgain() throws {
        let clock = ManualClock()
        let rates = RequestRates(perSecond: 1, now: { clock.now() })
        let access = Access(tokens: try LiveTokens(path: folder.file), ownUser: Self.ownUser, rates: rates)
        let viewer = try request(try bearer(.viewer))
        for _ in 0..<10 { #expect(refusal(viewer, .role(.viewer), access) == nil) }
        let error = refusal(viewer, .role(.viewer), access)
        #expect(error?.code == .rateLimited && error?.fields[.retryAfter] == "1")
        #expect(refusal(viewer, .everybody, access) == nil)
        #expect(refusal(try request(try bearer(.admin)), .role(.viewer), access) == nil)
        clock.advance(by: .seconds(1))
        #expect(refusal(viewer, .role(.viewer), access) == nil)
    }

    @Test func withoutTokensEverybodyIsLetIn() throws {
        #expect(try Access.open.principal(of: try request(nil)) == .anonymous)
        #expect(try Access.open.principal(of: try request("Bearer nonsense")) == .anonymous)
    }
}
