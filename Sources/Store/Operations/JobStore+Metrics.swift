package import Jobs
import GRDB

extension JobStore {
    /// About so many points of a series are kept.
    package static let seriesLimit = 10_000

    /// Appends points to a job's series; a point of a step that is there already replaces it. A series with more than
    /// `limit` points is thinned by a rule of its step numbers (``SeriesThinning``); its last point is always there.
    ///
    /// - Parameter limit: So many points of a series stay, besides the last; default ``seriesLimit``.
    package func appendMetrics(
        _ points: [MetricPoint], of id: JobID, limit: Int = JobStore.seriesLimit
    ) async throws(StoreError) {
        try await writer.write { db, batch in try Self.append(points, of: id, limit: limit, in: db, &batch) }
    }

    static func append(
        _ points: [MetricPoint], of id: JobID, limit: Int = JobStore.seriesLimit, in db: Database,
        _ batch: inout Writer.Batch
    ) throws {
        var byName: [String: [MetricPoint]] = [:]
        for point in points { byName[point.name, default: []].append(point) }
        for (name, points) in byName {
            var series = try MetricSeries(name, of: id, limit: limit, in: db)
            for point in points { try series.add(point) }
            try series.finish()
            batch.hasFreed = batch.hasFreed || series.hasThinned
        }
    }

    /// Forgets every point of a job after a step: an attempt that goes on from the checkpoint of that step writes them
    /// again.
    package func forgetMetrics(after step: Int, of id: JobID) async throws(StoreError) {
        try await writer.write { db, _ in
            try db.cachedStatement(sql: "DELETE FROM metrics WHERE job_id = ? AND step > ?")
                .execute(arguments: [id.description, step])
            guard db.changesCount > 0 else { return }
            for name in try String.fetchAll(
                db, sql: "SELECT name FROM series WHERE job_id = ?", arguments: [id.description])
            {
                try MetricSeries(name, of: id, limit: Self.seriesLimit, in: db).recount()
            }
        }
    }
}
