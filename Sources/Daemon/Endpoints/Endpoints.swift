import API
import Formats
package import HTTP
import HTTPTypes
import Jobs
package import Reactor
import Store

/// The handlers of the contract's routes; the table of routes is the API's own.
package struct Endpoints: Sendable {
    let services: Services
    let supervisor: Supervisor
    /// The requests that wait where the handlers run.
    let here: WaitingRequests.Local

    /// Handlers that run on one of the daemon's reactors.
    package init(services: Services, supervisor: Supervisor, on reactor: EventLoop) {
        self.services = services
        self.supervisor = supervisor
        here = services.waiting.on(reactor)
    }

    /// A router with a route for every row of the table.
    package var router: Router {
        Router(
            Endpoint.all.map { [access = services.access] endpoint in
                Route(
                    endpoint.method, endpoint.path,
                    // A check costs time that nobody waits for any more; what is being stored is stored all the same.
                    body: Self.bodyRule(of: endpoint), endsWithClient: endpoint.operation == .submitJob,
                    admits: { access.admittance(of: $0, by: endpoint.admission) },
                    handler(of: endpoint))
            })
    }

    /// What a route has no use for is dropped as it comes: it would only fill memory.
    private static func bodyRule(of endpoint: Endpoint) -> BodyRule {
        switch endpoint.body {
        case .json: .required(types: ["application/json"])
        case .patch: .required(types: JobPatch.mediaTypes)
        case .emptyObject: .optional(types: ["application/json"])
        case nil: .ignored
        }
    }

    private func handler(of endpoint: Endpoint) -> Handler {
        switch endpoint.operation {
        case .healthz: constant(endpoint, Self.alive)
        case .readyz: immediate(endpoint) { _, _ in try readiness() }
        case .version: constant(endpoint, .wire(Build.version))
        case .openAPI: waiting(endpoint) { _, _ in .json(try await DiskWork.run { Self.openAPI }) }
        case .metrics: supervising(endpoint) { _, _ in try await figures() }
        case .submitJob: supervising(endpoint, submit)
        case .listJobs: knowing(endpoint, knownList) { .now(try await list($0, $1)) }
        case .getJob: knowing(endpoint, knownJob, otherwise: get)
        case .changeJob: supervising(endpoint, change)
        case .deleteJob: supervising(endpoint, delete)
        case .cancelJob: supervising(endpoint) { request, _ in try await ask(Verb.cancel, request) }
        case .killJob: supervising(endpoint) { request, _ in try await ask(Verb.kill, request) }
        case .pauseJob: supervising(endpoint) { request, _ in try await ask(Verb.pause, request) }
        case .resumeJob: supervising(endpoint) { request, _ in try await ask(Verb.resume, request) }
        case .checkpointJob: supervising(endpoint) { request, _ in try await ask(Verb.checkpoint, request) }
        case .listJobEvents: waiting(endpoint, jobEvents)
        case .listEvents: waiting(endpoint, allEvents)
        case .readLogs: waiting(endpoint, logs)
        case .readMetrics: waiting(endpoint, series)
        case .listCheckpoints: waiting(endpoint, checkpoints)
        case .downloadCheckpointFile: waiting(endpoint, download)
        case .listAttempts: waiting(endpoint, attempts)
        case .readTopology: waiting(endpoint, topology)
        case .readQueue: waiting(endpoint, queue)
        case .drainHost: supervising(endpoint) { request, _ in try await ask(HostVerb.drain, request) }
        case .undrainHost: supervising(endpoint) { request, _ in try await ask(HostVerb.undrain, request) }
        case .failHost: supervising(endpoint) { request, _ in try await ask(HostVerb.fail, request) }
        case .repairHost: supervising(endpoint) { request, _ in try await ask(HostVerb.repair, request) }
        case .listDeliveries: waiting(endpoint, deliveries)
        case .redeliver: waiting(endpoint) { request, _ in try await redeliver(request) }
        case .readAudit: waiting(endpoint, audit)
        case .readSpecification: waiting(endpoint, specification)
        case .page: waiting(endpoint, page)
        case .pageFile: waiting(endpoint, pageFile)
        case .readPredictions: waiting(endpoint, predictions)
        case .profileJob: supervising(endpoint, profile)
        case .listProfiles: waiting(endpoint, profiles)
        case .downloadProfile: waiting(endpoint, profileFile)
        }
    }

    private static let alive = Response.text("ok\n")
    /// Made once, away from the reactor's thread: it has every field of every class of layers.
    private static let openAPI = OpenAPIDocument.make(version: Build.number).serialized() + [10]

    // MARK: What all of them share

    /// The same answer each time: nothing is looked at but a query.
    private func constant(_ endpoint: Endpoint, _ response: Response) -> Handler {
        let response = Self.dated(response, endpoint)
        return .immediate { request in
            try Self.query(request, endpoint).isPretty ? response.indented : response
        }
    }

    private func immediate(
        _ endpoint: Endpoint, _ body: @escaping @Sendable (Request, QueryValues) throws -> Response
    ) -> Handler {
        .immediate { request in
            let query = try Self.query(request, endpoint)
            let response = Self.dated(try body(request, query), endpoint)
            // What is answered at once is small.
            return query.isPretty ? response.indented : response
        }
    }

    private func waiting(
        _ endpoint: Endpoint, _ body: @escaping @Sendable (Request, QueryValues) async throws -> Response
    ) -> Handler {
        .async { request in
            let query = try Self.query(request, endpoint)
            do {
                return try await Self.shown(try await body(request, query), request, endpoint, query)
            } catch {
                throw cause(of: error, query)
            }
        }
    }

    /// The same where jobs are supervised, for what has to do with what runs.
    private func supervising(
        _ endpoint: Endpoint, _ body: @escaping @Sendable (Request, QueryValues) async throws -> Response
    ) -> Handler {
        waiting(endpoint) { [reactor = services.reactor] request, query in
            try await reactor.execute { try await body(request, query) }
        }
    }

    /// What is known is answered at once, unless it is to be indented or coded.
    private func knowing(
        _ endpoint: Endpoint, _ known: @escaping @Sendable (Request, QueryValues) throws -> Response?,
        otherwise body: @escaping @Sendable (Request, QueryValues) async throws -> HandlerResult
    ) -> Handler {
        .immediateOrDeferred { request in
            let query = try Self.query(request, endpoint)
            guard !query.isPretty, let response = try known(request, query) else { return nil }
            return Self.isCoded(response, request, endpoint) ? nil : Self.dated(response, endpoint)
        } otherwise: { request in
            let query = try Self.query(request, endpoint)
            do {
                let result = try await body(request, query)
                guard case .now(let response) = result else { return result }
                return .now(try await Self.shown(response, request, endpoint, query))
            } catch {
                throw cause(of: error, query)
            }
        }
    }

    private static func query(_ request: Request, _ endpoint: Endpoint) throws -> QueryValues {
        // Most requests have none, and probes come often.
        if request.query.isEmpty || endpoint.ignoresQuery { return .none }
        do throws(APIError) {
            return try QueryValues(request.query.map { ($0.name, $0.value) }, of: endpoint.query)
        } catch {
            throw Problem(error)
        }
    }

    /// What a client is told of an error, if it is told more than that there was one.
    private func cause(of error: any Error, _ query: QueryValues) -> any Error {
        if let error = error as? StoreError { services.storeHealth.failed(error) }
        guard let problem = Problem.of(error) else { return error }
        return query.isPretty ? IndentedProblem(problem: problem) : problem
    }

    /// The job that the path names.
    func job(_ request: Request) async throws -> JobRecord { try await services.reader.job(try Self.id(request)) }

    /// The id that the path names; what is not an id names no job.
    static func id(_ request: Request) throws -> JobID {
        let text = request.parameter("id") ?? ""
        // Ids are written in small letters, and taken in either case.
        guard let id = JobID(text) ?? JobID(text.lowercased()) else { throw Problem.noSuchJob(text) }
        return id
    }

    /// A job with its specification and its entity tag.
    func answer(_ record: JobRecord, status: HTTPResponse.Status = .ok) async throws -> Response {
        try await services.reader.response(record, status: status)
    }
}

extension QueryValues {
    /// Whether the answer is for people.
    var isPretty: Bool { flag(QueryParameter.pretty.name) }

    /// A query without parameters.
    // No parameter, so none that could be wrong.
    static let none = (try? QueryValues([], of: [])) ?? { preconditionFailure("an empty query has no fault") }()
}
