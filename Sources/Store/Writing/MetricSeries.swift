import GRDB
import Jobs

/// One series of a job in a transaction: its points as rows, and ``SeriesThinning`` for which of them stay.
struct MetricSeries {
    private let db: Database
    private let job: String
    private let name: String
    private var thinning: SeriesThinning
    private let limit: Int
    /// Points that are not rows yet, the tail last.
    private var added: [MetricPoint] = []
    /// Whether points went.
    private(set) var hasThinned = false

    init(_ name: String, of id: JobID, limit: Int, in db: Database) throws {
        self.db = db
        self.name = name
        self.limit = limit
        job = id.description
        let series = try db.cachedStatement(sql: "SELECT shift, points FROM series WHERE job_id = ? AND name = ?")
        let row = try Row.fetchOne(series, arguments: [job, name])
        let last = try db.cachedStatement(
            sql: "SELECT step FROM metrics WHERE job_id = ? AND name = ? ORDER BY step DESC LIMIT 2")
        thinning = SeriesThinning(
            shift: row?["shift"] ?? 0, windows: row?["points"] ?? 0,
            last: try Int.fetchAll(last, arguments: [job, name]), limit: limit)
    }

    /// Adds a point, in most cases after all others.
    mutating func add(_ point: MetricPoint) throws {
        guard let last = thinning.last, point.step <= last else { return try append(point) }
        try flush()
        if point.step == last { return try insert(point) }
        try amend(point)
    }

    /// Stores what was added and how thin the series is.
    mutating func finish() throws {
        try flush()
        try db.cachedStatement(
            sql: """
                INSERT INTO series(job_id, name, shift, points) VALUES (?, ?, ?, ?)
                ON CONFLICT (job_id, name) DO UPDATE SET shift = excluded.shift, points = excluded.points
                """
        ).execute(arguments: [job, name, thinning.shift, thinning.windows])
    }

    /// Counts anew after points at the end have gone.
    func recount() throws {
        let rows = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM metrics WHERE job_id = ? AND name = ?", arguments: [job, name])
        try db.execute(
            sql: "UPDATE series SET points = ? WHERE job_id = ? AND name = ?",
            arguments: [(rows ?? 0) - (thinning.tail == nil ? 0 : 1), job, name])
    }

    private mutating func append(_ point: MetricPoint) throws {
        if let gone = thinning.append(point.step) {
            if added.last?.step == gone { added.removeLast() } else { try delete(gone) }
        }
        added.append(point)
        while thinning.isTooDense { try widen() }
    }

    /// A point before the last one: it stays when it is the first of its window, in place of the one that was.
    private mutating func amend(_ point: MetricPoint) throws {
        let window = thinning.window(of: point.step)
        let sql = "SELECT min(step) FROM metrics WHERE job_id = ? AND name = ? AND step BETWEEN ? AND ?"
        let first = try Int.fetchOne(
            try db.cachedStatement(sql: sql), arguments: [job, name, window.lowerBound, window.upperBound])
        if let first, first < point.step {
            // Only a point that is there is replaced.
            try db.cachedStatement(
                sql: "UPDATE metrics SET value = ?, at = ? WHERE job_id = ? AND name = ? AND step = ?"
            ).execute(arguments: [point.value, point.at.microseconds, job, name, point.step])
            return
        }
        try insert(point)
        if let first, first != point.step, first != thinning.last { try delete(first) }
        try reread(windows: thinning.windows + (first == nil ? 1 : 0), shift: thinning.shift)
        while thinning.isTooDense { try widen() }
    }

    /// Makes the windows twice as wide: of two points in one window now, the first stays.
    private mutating func widen() throws {
        try flush()
        let shift = thinning.shift + 1
        try db.cachedStatement(
            sql: """
                DELETE FROM metrics WHERE job_id = ? AND name = ? AND step IS NOT ? AND step NOT IN
                  (SELECT min(step) FROM metrics WHERE job_id = ? AND name = ? GROUP BY step >> ?)
                """
        ).execute(arguments: [job, name, thinning.last, job, name, shift])
        hasThinned = true
        let count = try Int.fetchOne(
            db, sql: "SELECT count(DISTINCT step >> ?) FROM metrics WHERE job_id = ? AND name = ?",
            arguments: [shift, job, name])
        try reread(windows: count ?? 0, shift: shift)
    }

    /// Takes the series up anew as its rows are now.
    private mutating func reread(windows: Int, shift: Int) throws {
        let last = try Int.fetchAll(
            db, sql: "SELECT step FROM metrics WHERE job_id = ? AND name = ? ORDER BY step DESC LIMIT 2",
            arguments: [job, name])
        thinning = SeriesThinning(shift: shift, windows: windows, last: last, limit: limit)
    }

    private mutating func flush() throws {
        for point in added { try insert(point) }
        added.removeAll(keepingCapacity: true)
    }

    private func insert(_ point: MetricPoint) throws {
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO metrics(job_id, name, step, value, at) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [job, name, point.step, point.value, point.at.microseconds])
    }

    private func delete(_ step: Int) throws {
        try db.cachedStatement(sql: "DELETE FROM metrics WHERE job_id = ? AND name = ? AND step = ?")
            .execute(arguments: [job, name, step])
    }
}
