import API
import Formats
import HTTP
import HTTPTypes
import Jobs
import OrderedCollections
import Store

extension Endpoints {
    /// `POST /v1/jobs/{id}/<verb>`.
    func ask(_ verb: Verb, _ request: Request) async throws -> Response {
        try Self.requireNoMembers(request.body)
        let principal = try services.access.principal(of: request)
        let id = try Self.id(request)
        let key = try await Self.replyKey(request, of: principal, path: "/v1/jobs/\(id)/\(verb.rawValue)")
        if let answer = try await earlier(key) { return answer }
        let answer = try await supervisor.ask(
            verb, of: id, carried(by: request, of: principal, key, verb: verb.rawValue))
        return try await self.answer(answer, id, key, done: .accepted) { record in
            let lack = verb == .checkpoint && !record.mode.trains ? " and does not train" : ""
            return "A job that is \(record.state.rawValue)\(lack) can't be asked to \(verb.rawValue)"
        }
    }

    /// `PATCH /v1/jobs/{id}`.
    func change(_ request: Request, _ query: QueryValues) async throws -> Response {
        let principal = try services.access.principal(of: request)
        let id = try Self.id(request)
        let key = try await Self.replyKey(request, of: principal, path: "/v1/jobs/\(id)")
        if let answer = try await earlier(key) { return answer }
        let body = request.body
        let patch = try await DiskWork.run { try Self.patch(body) }
        let answer = try await supervisor.change(id, patch, carried(by: request, of: principal, key, verb: "change"))
        return try await self.answer(answer, id, key, done: .ok) { record in
            "A job that is \(record.state.rawValue) has ended: only its labels can change"
        }
    }

    /// `DELETE /v1/jobs/{id}`.
    func delete(_ request: Request, _ query: QueryValues) async throws -> Response {
        let principal = try services.access.principal(of: request)
        let id = try Self.id(request)
        switch try await supervisor.delete(id, carried(by: request, of: principal, nil, verb: "delete")) {
        case .changed, .already, .earlier, .keyReused: return Response(.noContent)
        case .unknown: throw Problem.noSuchJob(id.description)
        case .illegal(let record, let allowed):
            throw Self.illegal(
                record, allowed, "A job that is \(record.state.rawValue) can't be deleted: cancel it first")
        }
    }

    // MARK: Answers

    /// What the request was answered before; nil for one that comes for the first time.
    func earlier(_ key: ReplyKey?) async throws -> Response? {
        guard let key else { return nil }
        switch try await services.store.reply(to: key) {
        case .done: return nil
        case .earlier(let reply): return Self.again(reply)
        case .conflict: throw Self.keyReused(key)
        }
    }

    /// What came of a request about a job.
    ///
    /// - Parameters:
    ///   - done: The status where it was done.
    ///   - illegal: Why a job's state does not allow it.
    func answer(
        _ answer: Supervisor.Answer, _ id: JobID, _ key: ReplyKey?, done: HTTPResponse.Status,
        illegal: (JobRecord) -> String
    ) async throws -> Response {
        func answered(_ record: JobRecord, _ status: HTTPResponse.Status) async throws -> Response {
            // With a key, what was kept: asked again it is the same.
            guard let key, case .earlier(let reply) = try await services.store.reply(to: key) else {
                return try await self.answer(record, status: status)
            }
            var response = Self.again(reply)
            response.fields[.idempotencyReplayed] = nil
            return response
        }
        switch answer {
        case .changed(let record): return try await answered(record, done)
        case .already(let record): return try await answered(record, .ok)
        case .unknown: throw Problem.noSuchJob(id.description)
        case .illegal(let record, let allowed): throw Self.illegal(record, allowed, illegal(record))
        case .earlier(let reply): return Self.again(reply)
        case .keyReused: throw Self.keyReused(key)
        }
    }

    private static func illegal(_ record: JobRecord, _ allowed: [Verb], _ detail: String) -> Problem {
        illegal(record.state.rawValue, allowed: allowed.map(\.rawValue), detail)
    }

    /// 409: a job or a host in this state can't be asked that, but for these verbs.
    static func illegal(_ state: String, allowed: [String], _ detail: String) -> Problem {
        Problem(
            .illegalState, detail: detail,
            extra: ["current_state": .string(state), "allowed": .array(allowed.map { .string($0) })])
    }

    // MARK: Bodies

    private static func json(_ body: [UInt8]) throws(Problem) -> JSON {
        do throws(JSONError) { return try JSON(parsing: body) } catch { throw Problem(error) }
    }

    /// Bytes of a change of a job: 64 labels with all their characters have room.
    private static let patchBody = 1 << 18

    private static func patch(_ body: [UInt8]) throws -> JobPatch {
        guard body.count <= patchBody else {
            throw Problem(.bodyTooLarge, detail: "A change of a job has at most \(patchBody) bytes")
        }
        let faults = SpecErrors()
        let patch = JobPatch(try json(body), faults: faults)
        guard faults.isEmpty else { throw Problem(patchFaults: faults.all, more: faults.more) }
        return patch
    }

    /// Bytes of a verb's body, which is read on the reactor's own thread.
    private static let verbBody = 4_096

    /// Takes nothing, or a JSON object without members: a member that this version does not know is never ignored.
    static func requireNoMembers(_ body: [UInt8]) throws {
        guard !body.isEmpty else { return }
        guard body.count <= verbBody else {
            throw Problem(.bodyTooLarge, detail: "The body of a verb has at most \(verbBody) bytes; it needs none")
        }
        guard let members = try json(body).object else {
            throw Problem(.badBody, detail: "The body of a verb is a JSON object, or there is none")
        }
        guard members.isEmpty else {
            throw Problem(
                .badBody, detail: "The body of this verb has no members in this version",
                errors: members.keys.map { .init(pointer: JSONPointer(tokens: [$0]), detail: "is not known here") })
        }
    }
}
