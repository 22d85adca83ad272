import Foundation
import GRDB
import Jobs
import Store

/// How many durable submissions a second, beside SQLite's own durable commits (one row of 500 bytes a transaction, WAL,
/// synchronous=FULL) on the same disk, measured in turns:
///   TPUD_BENCH=1 swift run -c release StoreBench [folder]
@main
enum StoreBench {
    static func main() async throws {
        let base = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : NSTemporaryDirectory()
        let folder = base + "/tpud-store-bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let raw = try RawSQLite(file: folder + "/raw.sqlite")
        let store = try JobStore(folder: folder + "/state")
        var number = 0
        for submitters in [1, 8, 64, 256] {
            let before = try raw.commitsPerSecond(seconds: 1)
            let count = submitters == 1 ? 500 : 4000
            let rate = try await submissionsPerSecond(store, first: number, count: count, submitters: submitters)
            number += count
            let own = (before + (try raw.commitsPerSecond(seconds: 1))) / 2
            let ratio = String(format: "%.2f", rate / own)
            print("\(submitters) submitters: \(Int(rate)) submissions/s, SQLite \(Int(own)) commits/s, ratio \(ratio)")
        }
        try store.close()
    }

    private static func submissionsPerSecond(
        _ store: JobStore, first: Int, count: Int, submitters: Int
    ) async throws -> Double {
        let spec = "{\"padding\":\"\(String(repeating: "x", count: 480))\"}"
        let clock = ContinuousClock()
        let start = clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for submitter in 0..<submitters {
                group.addTask {
                    for index in stride(from: first + submitter, to: first + count, by: submitters) {
                        let id = JobID(milliseconds: 1_700_000_000_000 + UInt64(index), random: (0, 0))
                        let job = NewJob(
                            id: id, name: "bench", mode: .train, owner: "anonymous", modelDir: "jobs/\(id)",
                            createdAt: Timestamp(microseconds: 1_700_000_000_000_000 + Int64(index)), spec: spec)
                        guard case .created = try await store.submit(job) else {
                            throw StoreError.refused("a job was there already")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        return Double(count) / ((clock.now - start) / .seconds(1))
    }
}

/// SQLite by itself: one row a transaction.
private struct RawSQLite {
    private let queue: DatabaseQueue

    init(file: String) throws {
        queue = try DatabaseQueue(path: file)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = wal")
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "CREATE TABLE rows(id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
        }
    }

    func commitsPerSecond(seconds: Double) throws -> Double {
        let body = String(repeating: "x", count: 500)
        let clock = ContinuousClock()
        let start = clock.now
        var count = 0
        while clock.now - start < .seconds(seconds) {
            try queue.write { db in
                try db.cachedStatement(sql: "INSERT INTO rows(body) VALUES (?)").execute(arguments: [body])
            }
            count += 1
        }
        return Double(count) / ((clock.now - start) / .seconds(1))
    }
}
