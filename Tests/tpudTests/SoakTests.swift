import Formats
import Foundation
import TestSupport
import Testing
import Transfer

/// A thousand jobs of one step each, as fast as a client can send them.
@Suite struct SoakTests {
    static let jobs = 1000
    private static let warmUp = 300

    /// The memory that jobs take which the daemon keeps as they were shown last.
    private static func knownBytes(_ daemon: DaemonProcess) throws -> Int {
        let figures = String(decoding: try daemon.send("GET", "/metrics").body, as: UTF8.self)
        let line = try #require(figures.split(separator: "\n").first { $0.hasPrefix("tpud_known_jobs_bytes ") })
        return try #require(Int(line.split(separator: " ")[1]))
    }

    @Test func aThousandJobsOfOneStep() throws {
        let daemon = try DaemonProcess(["--queue-limit", "400"])
        let spec = try JSON(
            parsing: [UInt8](
                Data(contentsOf: ProjectFiles.root.appending(path: "Tests/Benchmarks/peers/tiny-job.json"))))

        var ids: [String] = []
        var refused = 0
        var settled: (descriptors: Int, threads: Int, resident: Int)?
        var known = 0
        while ids.count < Self.jobs {
            let reply = try daemon.send("POST", "/v1/jobs", body: spec.serialized())
            if reply.status == 201 {
                ids.append(try #require(JSON(parsing: reply.body)["id"]?.string))
                // The first jobs are the warm-up: most of what caches and threads' stacks ever take, they have then.
                if ids.count == Self.warmUp {
                    _ = try daemon.final(ids[Self.warmUp - 1])
                    settled = ProcessTable.figures(of: daemon.process.processIdentifier)
                    known = try Self.knownBytes(daemon)
                }
                continue
            }
            // The queue is full: the answer says so and when to come again; the oldest job's end makes room.
            #expect(reply.status == 429)
            #expect(reply.field("retry-after").flatMap { Int($0) } != nil)
            refused += 1
            _ = try daemon.final(ids[max(0, ids.count - 350)])
        }
        print("\(ids.count) accepted, \(refused) answered 429")
        #expect(Set(ids).count == Self.jobs)

        for id in ids {
            let job = try daemon.final(id)
            #expect(job["state"]?.string == "SUCCEEDED", "\(String(decoding: job.serialized(), as: UTF8.self))")
            #expect(job["attempt"]?.int == 1)
        }
        try until("no worker is left") { daemon.workers.isEmpty }
        let before = try #require(settled)
        let after = ProcessTable.figures(of: daemon.process.processIdentifier)
        let kept = try Self.knownBytes(daemon) - known
        print("after \(Self.warmUp) jobs: \(before); after \(Self.jobs): \(after), \(kept) bytes more of jobs kept")
        #expect(after.descriptors <= before.descriptors + 8)
        // Each reader of the database has a thread while it is busy, however few were so before.
        #expect(after.threads <= before.threads + 8)
        // What seven hundred jobs leave, beside what is kept of them on purpose, is what the allocator keeps for the next one, what
        // SQLite's five page caches grow by (2 MB is the most of each), and the stacks of threads that had less to do before.
        #expect(after.resident <= before.resident + 8 << 20 + kept)

        var seen: [String] = []
        var page: String?
        repeat {
            let answer = try daemon.json("/v1/jobs?limit=500" + (page.map { "&page_token=\($0)" } ?? ""))
            seen += answer["jobs"]?.array?.compactMap { $0["id"]?.string } ?? []
            page = answer["next_page_token"]?.string
        } while page != nil
        #expect(seen == ids.sorted().reversed())

        #expect(daemon.terminate() == 0)
    }
}
