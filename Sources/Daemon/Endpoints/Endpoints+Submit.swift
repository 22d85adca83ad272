import API
import Crypto
import Formats
import HTTP
import HTTPTypes
import Jobs
import Store
import WorkerProtocol

extension Endpoints {
    /// `POST /v1/jobs`.
    func submit(_ request: Request, _ query: QueryValues) async throws -> Response {
        let principal = try services.access.principal(of: request)
        let key = try Self.idempotencyKey(request)
        let client = request.client
        if query.flag("dry_run") { return try await dryRun(request.body, client) }
        // Before anything else: whoever asks again wants to know what came of it, whatever has become of the daemon, its
        // files and its pod since.
        let scope = Self.scope(of: principal, path: "/v1/jobs")
        let digest =
            key == nil && request.body.count > AcceptedSpecifications.longestText
            ? nil : try await Self.digest(of: request.body)
        if let key, let digest,
            let earlier = try await services.store.submission(scope: scope, key: key, digest: digest)
        {
            return try answer(to: earlier, [])
        }
        try requireServing()
        let accepted = try await accepted(request.body, digest, client)
        let now = services.clock.wall()
        let job = Self.newJob(accepted, of: principal, id: services.nextID(at: now), now)
        let answer =
            JobView(JobRecord(job), pending: nil, running: nil).serialized(spec: accepted.passed.specification) + [10]
        let idempotency = key.flatMap { key in
            digest.map { Idempotency(scope: scope, key: key, digest: $0, answer: answer) }
        }
        let checks = services.checker.figures
        // A daemon that has begun to drain meanwhile starts nothing, but what it stores is run by the next one.
        let submission = try await services.store.submit(
            job, idempotency: idempotency, queueLimit: services.configuration.current.queueLimit,
            ownerLimit: services.configuration.current.ownerQueueLimit,
            audit: Self.mark(request, of: principal, "submit"),
            hasCompany: checks.running + checks.waiting >= Self.company)
        return try self.answer(to: submission, answer)
    }

    private func dryRun(_ body: [UInt8], _ client: ClientKey) async throws -> Response {
        let passed = try await check(body, client, isDryRun: true).passed
        return .json(DryRunView.serialized(spec: passed.specification, plan: passed.plan ?? Array("{}".utf8)) + [10])
    }

    private func answer(to submission: Submission, _ answer: [UInt8]) throws -> Response {
        switch submission {
        case .created(let record):
            services.counters.add("tpud_jobs_submitted_total")
            supervisor.wake()
            return Self.created(record.id, answer)
        case .replayed(let id, let answer):
            var response = Self.created(id, answer)
            response.fields[.idempotencyReplayed] = "true"
            return response
        case .conflict(let id):
            throw Problem(
                .idempotencyKeyReused,
                detail: "This Idempotency-Key came before with another body, for job \(id)")
        case .queueFull(let waiting):
            throw Problem(
                .queueFull, detail: "\(waiting) jobs wait already, as many as queue_limit allows")
        case .ownerQueueFull(let waiting):
            throw Problem(
                .queueFull, detail: "\(waiting) of your jobs wait already, as many as owner_queue_limit allows")
        }
    }

    /// 503 unless the daemon takes jobs.
    func requireServing() throws {
        switch services.phase.phase {
        case .serving: return
        case .starting: throw Problem(.starting, detail: "The daemon is starting")
        case .draining: throw Problem(.draining, detail: "The daemon is draining and takes no jobs")
        }
    }

    private static func created(_ id: JobID, _ answer: [UInt8]) -> Response {
        var response = Response.json(answer, status: .created)
        response.fields[.location] = "/v1/jobs/\(id)"
        response.fields[.eTag] = EntityTag.of(version: 1)
        return response
    }

    // MARK: Checking

    /// Has a specification checked: all faults of the service's part and of the training part at once, and whether the
    /// pod ever has the cores that it needs. A text that was accepted before is not checked again.
    /// - Parameter digest: The text's; nil for one that is too long to be remembered.
    private func accepted(
        _ body: [UInt8], _ digest: String?, _ client: ClientKey
    ) async throws -> AcceptedSpecification {
        guard let digest else { return try await check(body, client, isDryRun: false) }
        let settings = AcceptedSpecifications.Settings(services.configuration.current)
        if let known = try await services.accepted.specification(for: digest, settings) { return known }
        let accepted = try await check(body, client, isDryRun: false)
        services.accepted.remember(accepted, for: digest, settings)
        return accepted
    }

    private func check(
        _ body: [UInt8], _ client: ClientKey, isDryRun: Bool
    ) async throws -> AcceptedSpecification {
        do {
            let finding = try await services.checker.check(body, of: client, isDryRun: isDryRun)
            return try AcceptedSpecification(finding, pod: services.pod)
        } catch let failure as CheckFailure {
            if failure == .cancelled { throw CancellationError() }
            throw Problem(failure, services.configuration.current)
        }
    }

    private static func newJob(
        _ accepted: AcceptedSpecification, of principal: Principal, id: JobID, _ now: Timestamp
    ) -> NewJob {
        let request = accepted.request
        var job = NewJob(
            id: id, name: request.name, mode: accepted.passed.mode, owner: principal.name, modelDir: "jobs/\(id)",
            createdAt: now, spec: String(decoding: accepted.passed.specification, as: UTF8.self))
        job.labels = request.labels
        job.priority = request.priority
        job.slice = accepted.slice
        job.deviceJob = accepted.passed.deviceJob
        job.retry = request.retry
        job.maxRunSeconds = request.maxRunSeconds
        job.startDeadline = request.startDeadlineSeconds.map { now.advanced(bySeconds: $0) }
        job.preemptible = request.preemptible
        job.webhooks = request.webhooks
        job.keepCheckpointMax = accepted.passed.keepCheckpointMax
        return job
    }

    /// While so many specifications are being checked, others are about to come: a few clients never wait for each other.
    private static let company = 8
}
