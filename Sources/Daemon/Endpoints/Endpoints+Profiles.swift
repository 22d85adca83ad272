import API
import HTTP
import HTTPTypes
import Jobs
import Store

extension Endpoints {
    /// Steps that are traced where nothing is said.
    private static let profiledSteps = 10

    /// `POST /v1/jobs/{id}/profile`.
    func profile(_ request: Request, _ query: QueryValues) async throws -> Response {
        try Self.requireNoMembers(request.body)
        let principal = try services.access.principal(of: request)
        let id = try Self.id(request)
        let steps = query.integer("steps") ?? Self.profiledSteps
        let key = try await Self.replyKey(
            request, of: principal, path: "/v1/jobs/\(id)/profile", query: "steps=\(steps)\n")
        if let answer = try await earlier(key) { return answer }
        let answer = try await supervisor.profile(
            id, steps: steps, carried(by: request, of: principal, key, verb: "profile"))
        return try await self.answer(answer, id, key, done: .accepted) { record in
            let lack = record.mode.trains ? "" : " and does not train"
            return
                "A job that is \(record.state.rawValue)\(lack) can't be profiled: only one that is RUNNING and trains has "
                + "steps to trace"
        }
    }

    /// `GET /v1/jobs/{id}/profiles`.
    func profiles(_ request: Request, _ query: QueryValues) async throws -> Response {
        let record = try await job(request)
        let files = ProfileFiles(modelDirectory: services.modelDirectory(record))
        return .wire(ProfileList(try await DiskWork.run { try files.all() }))
    }

    /// `GET /v1/jobs/{id}/profiles/{n}`, whole or a range of it.
    func profileFile(_ request: Request, _ query: QueryValues) async throws -> Response {
        let record = try await job(request)
        let files = ProfileFiles(modelDirectory: services.modelDirectory(record))
        let all = try await DiskWork.run { try files.all() }
        let number = request.parameter("n").flatMap { StrictInteger.parse($0) }
        guard let profile = all.first(where: { $0.profile == number }) else {
            throw Problem(.noSuchFile, detail: "Job \(record.id) has no such profile")
        }
        return try await file(
            at: files.path(of: profile), length: profile.bytes,
            name: "profile-\(profile.profile)-\(profile.createdAt.microseconds)", type: "application/json", request,
            gone: Problem(.noSuchFile, detail: "The profile has just been removed for newer ones"))
    }
}
