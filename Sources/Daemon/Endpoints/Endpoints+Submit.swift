import API
import Crypto
import Formats
import HTTP
import HTTPTypes
import Jobs
import OrderedCollections
import Store

extension Endpoints {
    /// `POST /v1/jobs`.
    func submit(_ request: Request, _ query: QueryValues) async throws -> Response {
        let isDry = query.flag("dry_run")
        if !isDry { try requireServing() }
        let key = try Self.idempotencyKey(request)
        let body = request.body
        if isDry {
            return try await .wire {
                let checked = try check(body)
                return DryRunView(spec: checked.spec, plan: try checked.compiled.plan())
            }
        }
        let (job, answer, idempotency) = try await DiskWork.run { () -> (NewJob, [UInt8], Idempotency?) in
            let checked = try check(body)
            let now = services.clock.wall()
            let job = Self.newJob(checked, id: services.nextID(at: now), now)
            let answer = JobView(JobRecord(job), pending: nil, running: nil).wire.serialized() + [10]
            let idempotency = key.map { key in
                Idempotency(
                    scope: "anonymous /v1/jobs", key: key, digest: Self.hex(SHA256.hash(data: body)), answer: answer)
            }
            return (job, answer, idempotency)
        }
        // A daemon that has begun to drain meanwhile starts nothing, but what it stores is run by the next one.
        let submission = try await services.store.submit(
            job, idempotency: idempotency, queueLimit: services.configuration.current.queueLimit)
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
                422, code: "IDEMPOTENCY_KEY_REUSED",
                detail: "This Idempotency-Key came before with another body, for job \(id)")
        case .queueFull(let waiting):
            throw Problem(
                429, code: "QUEUE_FULL", detail: "\(waiting) jobs wait already, as many as queue_limit allows")
        }
    }

    /// 503 unless the daemon takes jobs.
    func requireServing() throws {
        switch services.phase.phase {
        case .serving: return
        case .starting: throw Problem(503, code: "STARTING", detail: "The daemon is starting")
        case .draining: throw Problem(503, code: "DRAINING", detail: "The daemon is draining and takes no jobs")
        }
    }

    private static func created(_ id: JobID, _ answer: [UInt8]) -> Response {
        var response = Response.json(answer, status: .created)
        response.fields[.location] = "/v1/jobs/\(id)"
        response.fields[.eTag] = EntityTag.of(version: 1)
        return response
    }

    // MARK: Checking

    /// A specification without a fault.
    private struct Checked: Sendable {
        var request: JobRequest
        var compiled: CompiledJob
        var slice: Slice?
        /// With every default filled in.
        var spec: JSON
    }

    /// Reads a specification: all faults of the service's part and of the training part at once. Reads files.
    private func check(_ body: [UInt8]) throws -> Checked {
        let roots = services.configuration.current.dataRoots
        let spec: JSON
        do throws(JSONError) {
            spec = try JSON(parsing: body, limits: JSONLimits(depth: JobRequest.Limits.nesting))
        } catch {
            throw Problem(error)
        }
        guard spec.object != nil else {
            throw Problem(422, detail: "A job specification is a JSON object")
        }
        let faults = SpecFaults()
        let request = JobRequest(spec: spec, faults: faults)
        let compiled = services.compiler.compile(spec, dataRoots: roots, faults: faults)
        var slice: Slice?
        if let shards = compiled?.shards {
            slice = try? Slice(shards: shards)
            if slice?.fits(services.pod) != true {
                faults.add(
                    SpecFault(
                        JSONPointer(tokens: ["tpu_config", "num_shards"]),
                        "needs a slice of \(shards) cores, which the pod \(services.pod.name) "
                            + "with \(services.pod.hosts) hosts of \(services.pod.coresPerHost) cores never has",
                        code: "CANNOT_FIT"))
            }
        }
        guard let compiled, faults.isEmpty else { throw Problem(faults: faults.all) }
        var canonical = request.canonical
        for (name, value) in compiled.canonical.object ?? [:] { canonical[name] = value }
        return Checked(request: request, compiled: compiled, slice: slice, spec: .object(canonical))
    }

    private static func newJob(_ checked: Checked, id: JobID, _ now: Timestamp) -> NewJob {
        let request = checked.request
        var job = NewJob(
            id: id, name: request.name, mode: checked.compiled.mode, owner: "anonymous", modelDir: "jobs/\(id)",
            createdAt: now, spec: checked.spec.text)
        job.labels = request.labels
        job.priority = request.priority
        job.slice = checked.slice
        job.deviceJob = checked.compiled.deviceJob
        job.retry = request.retry
        job.maxRunSeconds = request.maxRunSeconds
        job.startDeadline = request.startDeadlineSeconds.map { now.advanced(bySeconds: $0) }
        job.preemptible = request.preemptible
        job.keepCheckpointMax = checked.spec["run_config"]?["keep_checkpoint_max"]?.int
        return job
    }

    private static func idempotencyKey(_ request: Request) throws -> String? {
        guard let key = request.field(.idempotencyKey) else { return nil }
        guard request.count(of: .idempotencyKey) == 1, (1...255).contains(key.utf8.count),
            key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw Problem(
                400, code: "BAD_IDEMPOTENCY_KEY",
                detail: "Idempotency-Key must stand once, with 1 to 255 visible ASCII characters")
        }
        return key
    }

    private static func hex(_ digest: SHA256Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
