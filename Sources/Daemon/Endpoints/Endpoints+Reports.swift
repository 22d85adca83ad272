import API
import HTTP
import HTTPTypes
import Jobs
import Store

extension Endpoints {
    /// `GET /v1/jobs/{id}/attempts`.
    func attempts(_ request: Request, _ query: QueryValues) async throws -> Response {
        let record = try await job(request)
        let attempts = try await services.store.attempts(of: record.id)
        return .wire(
            AttemptList(
                attempts.map { attempt in
                    AttemptView(
                        attempt: attempt.attempt, outcome: attempt.end?.outcome, startedAt: attempt.startedAt,
                        finishedAt: attempt.finishedAt, startStep: attempt.startStep, endStep: attempt.endStep,
                        error: attempt.failure)
                }))
    }

    /// `GET /v1/jobs/{id}/metrics`.
    func series(_ request: Request, _ query: QueryValues) async throws -> Response {
        let record = try await job(request)
        let series = try await services.store.metrics(
            of: record.id, names: query.texts("name"), fromStep: query.integer("from_step") ?? 0,
            maxPoints: query.integer("max_points"))
        return try await .wire {
            MetricsView(
                series: series.mapValues { points in
                    points.map { .init(step: $0.step, value: $0.value, unixSeconds: $0.at.seconds) }
                })
        }
    }

    /// `GET /v1/jobs/{id}/checkpoints`.
    func checkpoints(_ request: Request, _ query: QueryValues) async throws -> Response {
        let record = try await job(request)
        let checkpoints = try await services.store.checkpoints(of: record.id)
        return .wire(
            CheckpointList(
                checkpoints.map { checkpoint in
                    CheckpointView(
                        step: checkpoint.step, bytes: checkpoint.bytes,
                        files: checkpoint.files,
                        createdAt: checkpoint.createdAt, keptBecause: checkpoint.keptBecause,
                        state: checkpoint.state)
                }))
    }
}
