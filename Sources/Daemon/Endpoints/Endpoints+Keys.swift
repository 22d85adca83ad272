import API
import Crypto
import HTTP
import HTTPTypes
import Jobs
import Store

extension Endpoints {
    /// The request's `Idempotency-Key`; nil without one.
    /// - Throws: `Problem` of 400.
    static func idempotencyKey(_ request: Request) throws -> String? {
        guard let key = request.field(.idempotencyKey) else { return nil }
        guard request.count(of: .idempotencyKey) == 1, IdempotencyKeyField.isKey(key) else {
            throw Problem(
                .badIdempotencyKey,
                detail: "Idempotency-Key must be given once and have 1 to 255 visible ASCII characters")
        }
        return key
    }

    /// The request by its key: of whom, on what, with which body. Nil without a key.
    ///
    /// - Parameter query: What the query asks for, where that tells requests on the path apart as bodies do. Default nothing.
    static func replyKey(
        _ request: Request, of principal: Principal, path: String, query: String = ""
    ) async throws -> ReplyKey? {
        guard let key = try idempotencyKey(request) else { return nil }
        return ReplyKey(
            scope: scope(of: principal, path: path), key: key,
            digest: try await digest(of: Array(query.utf8) + request.body))
    }

    /// Within what a key is unique: no principal is answered what another one was.
    static func scope(of principal: Principal, path: String) -> String { "\(principal.name) \(path)" }

    /// What a request about a job carries besides what it asks: whom it is meant for, and what it is answered again.
    func carried(
        by request: Request, of principal: Principal, _ key: ReplyKey?, verb: String
    ) -> Supervisor.Request {
        var carried = Supervisor.Request(
            precondition: Self.precondition(request, of: principal), audit: Self.mark(request, of: principal, verb))
        if let key {
            carried.promise = { status, spec in
                ReplyPromise(key) { record in Self.reply(record, status, spec: spec ?? "null") }
            }
        }
        return carried
    }

    /// What the audit trail is told of a request.
    static func mark(_ request: Request, of principal: Principal, _ verb: String) -> AuditMark {
        AuditMark(
            principal: principal.name, token: principal.token, verb: verb, requestID: request.id.description)
    }

    /// What is kept of an answer: the job as it is stored, as what its worker says differs from moment to moment.
    private static func reply(_ record: JobRecord, _ status: Int, spec: String) -> KeptReply {
        let view = JobView(record, pending: nil, running: nil)
        return KeptReply(status: status, body: view.serialized(spec: spec.utf8) + [10], version: record.version)
    }

    /// What is required of a job before anything is asked of it: that it is the principal's own, and as it was meant.
    static func precondition(
        _ request: Request, of principal: Principal
    ) -> @Sendable (JobRecord) throws -> Void {
        let field = request.field(.ifMatch)
        return { record in
            try principal.requireRight(to: record)
            try require(field, record)
        }
    }

    /// 412 unless `If-Match`, where there is one, names the job as it is (RFC 9110 section 13.1.1).
    private static func require(_ ifMatch: String?, _ record: JobRecord) throws {
        guard let ifMatch, !EntityTag.ifMatch(ifMatch, names: record.version) else { return }
        throw OtherVersion(job: record.id, version: record.version)
    }

    /// An answer that was given before.
    static func again(_ reply: KeptReply) -> Response {
        var response = Response.json(reply.body, status: .init(code: reply.status))
        if let version = reply.version { response.fields[.eTag] = EntityTag.of(version: version) }
        response.fields[.idempotencyReplayed] = "true"
        return response
    }

    /// 422: the key came with another body.
    static func keyReused(_ key: ReplyKey?) -> Problem {
        Problem(
            .idempotencyKeyReused,
            detail: "This Idempotency-Key came before with another body or query\(key.map { " for \($0.path)" } ?? "")")
    }

    /// Bytes that are hashed on the reactor's own thread: that takes less than the way to another one.
    private static let smallBody = 1 << 16

    /// What tells one body from another.
    static func digest(of body: [UInt8]) async throws -> String {
        if body.count <= smallBody { return SHA256.hash(data: body).hexadecimal }
        return try await DiskWork.run { SHA256.hash(data: body).hexadecimal }
    }
}

extension ReplyKey {
    /// The path that the request was for.
    fileprivate var path: String { scope.split(separator: " ").last.map(String.init) ?? scope }
}

/// 412: the job has another version than the request is meant for; the answer says which.
struct OtherVersion: AnsweringError {
    let job: JobID
    let version: Int

    func answer(to request: Request) -> Response {
        let problem = Problem(
            .preconditionFailed,
            detail: "Job \(job) has version \(version), which If-Match does not name: read it again, then decide")
        var response = problem.answer(to: request)
        response.fields[.eTag] = EntityTag.of(version: version)
        return response
    }
}
