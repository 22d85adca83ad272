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
        switch try await supervisor.profile(id, steps: steps, Self.precondition(request, of: principal)) {
        case .changed(let record), .already(let record): return try await answer(record, status: .accepted)
        case .illegal(let record, let allowed):
            let lack = record.mode.trains ? "" : " and does not train"
            throw Self.illegal(
                record.state.rawValue, allowed: allowed.map(\.rawValue),
                "A job that is \(record.state.rawValue)\(lack) can't be profiled: only one that is RUNNING and trains has "
                    + "steps to trace")
        case .unknown, .earlier, .keyReused: throw Problem.noSuchJob(id.description)
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
