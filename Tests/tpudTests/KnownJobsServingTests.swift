import Dispatch
import Formats
import Synchronization
import Testing
import Transfer

/// What the real binary answers from memory is never older than what it has answered before.
@Suite(.serialized, .timeLimit(.minutes(10))) struct KnownJobsServingTests {
    private func patch(_ daemon: DaemonProcess, _ id: String, _ change: JSON) throws -> JSON {
        let reply = try daemon.send("PATCH", "/v1/jobs/\(id)", body: change.serialized())
        try #require(reply.status == 200, "\(String(decoding: reply.body, as: UTF8.self))")
        return try JSON(parsing: reply.body)
    }

    private func listed(_ daemon: DaemonProcess, _ query: String = "") throws -> [JSON] {
        try daemon.json("/v1/jobs\(query)")["jobs"]?.array ?? []
    }

    /// Writers that read their own writes back, and readers that read those of others, all at once.
    @Test func noAnswerIsOlderThanAnAnswerBefore() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let ids = try (0..<3).map { try daemon.submit(Jobs.tiny(name: "job-\($0)")) }
        let answered = Mutex(ids.map { _ in 1 })
        let faults = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { client in
            do {
                let number = client % 3
                for round in 1...60 {
                    if client < 3 {
                        let version = try patch(daemon, ids[number], ["priority": JSON(round)])["version"]?.int ?? 0
                        answered.withLock { $0[number] = version }
                    }
                    let least = answered.withLock { $0[number] }
                    let one = try daemon.json("/v1/jobs/\(ids[number])")["version"]?.int ?? 0
                    let all = try listed(daemon).first { $0["id"]?.string == ids[number] }?["version"]?.int ?? 0
                    if one < least || all < least {
                        faults.withLock { $0.append("client \(client): \(one) and \(all) after \(least)") }
                    }
                }
            } catch {
                faults.withLock { $0.append("client \(client): \(error)") }
            }
        }
        #expect(faults.withLock { $0 } == [])
    }

    /// The place of a job changes with the others' changes, and an entity tag with its own.
    @Test func anAnswerFollowsWhatItShows() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let first = try daemon.submit(Jobs.tiny(name: "first"))
        let second = try daemon.submit(Jobs.tiny(name: "second"))
        func position(_ id: String) throws -> Int? {
            let one = try daemon.json("/v1/jobs/\(id)")["pending"]?["position"]?.int
            let listed = try listed(daemon).first { $0["id"]?.string == id }?["pending"]?["position"]?.int
            #expect(one == listed, "a job and the list say the same")
            return one
        }
        for _ in 0..<2 { #expect(try (position(first), position(second)) == (1, 2)) }
        let tag = try #require(try daemon.send("GET", "/v1/jobs/\(second)").field("etag"))
        #expect(try daemon.send("GET", "/v1/jobs/\(second)", fields: [("If-None-Match", tag)]).status == 304)
        let changed = try patch(daemon, second, ["priority": 5, "labels": ["team": "vision"]])
        for _ in 0..<2 { #expect(try (position(first), position(second)) == (2, 1)) }
        #expect(try daemon.send("GET", "/v1/jobs/\(second)", fields: [("If-None-Match", tag)]).status == 200)
        for _ in 0..<2 {
            let read = try daemon.json("/v1/jobs/\(second)")
            #expect(read["labels"] == ["team": "vision"] && read["version"] == changed["version"])
            #expect(read["spec"]?["priority"] == 5)
            #expect(try listed(daemon, "?label=team%3Dvision").map { $0["id"]?.string } == [second])
            #expect(try listed(daemon, "?state=CANCELLED").isEmpty)
        }
        // In either case, indented, and without a body.
        let whole = try daemon.send("GET", "/v1/jobs/\(second)")
        #expect(try daemon.send("GET", "/v1/jobs/\(second.uppercased())").body == whole.body)
        let pretty = try daemon.send("GET", "/v1/jobs/\(second)?pretty")
        #expect(try JSON(parsing: pretty.body) == JSON(parsing: whole.body) && pretty.body.count > whole.body.count)
        #expect(try daemon.send("HEAD", "/v1/jobs/\(second)").field("content-length") == "\(whole.body.count)")
        #expect(try daemon.send("POST", "/v1/jobs/\(second)/cancel").status == 202)
        for _ in 0..<2 {
            #expect(try daemon.json("/v1/jobs/\(second)")["state"] == "CANCELLED")
            #expect(try listed(daemon, "?state=CANCELLED").map { $0["id"]?.string } == [second])
            #expect(try position(first) == 1)
        }
        #expect(try daemon.send("DELETE", "/v1/jobs/\(second)").status == 204)
        for _ in 0..<2 {
            #expect(try daemon.send("GET", "/v1/jobs/\(second)").status == 404)
            #expect(try listed(daemon).map { $0["id"]?.string } == [first])
        }
    }
}
