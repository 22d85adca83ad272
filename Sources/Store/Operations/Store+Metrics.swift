package import Jobs
import GRDB

extension Store {
    /// Appends points to a job's series; a point of a step that is there already replaces it.
    package func appendMetrics(_ points: [MetricPoint], of id: JobID) async throws(StoreError) {
        try await writer.write { db, _ in
            let statement = try db.cachedStatement(
                sql: "INSERT OR REPLACE INTO metrics(job_id, name, step, value, at) VALUES (?, ?, ?, ?, ?)")
            for point in points {
                try statement.execute(arguments: [
                    id.description, point.name, point.step, point.value, point.at.microseconds,
                ])
            }
        }
    }

    /// Forgets every point of a job after a step: an attempt that goes on from the checkpoint of that step writes them
    /// again.
    package func forgetMetrics(after step: Int, of id: JobID) async throws(StoreError) {
        try await writer.write { db, _ in
            try db.cachedStatement(sql: "DELETE FROM metrics WHERE job_id = ? AND step > ?")
                .execute(arguments: [id.description, step])
        }
    }
}
