import API
import Formats
import Foundation
import Jobs
import Synchronization
import Testing
import Transfer

/// Event streams of the real binary.
@Suite(.timeLimit(.minutes(10))) struct EventStreamTests {
    private static let accept = (name: "Accept", value: ServerSentEvent.mediaType)

    /// What ends a stream that has no end of its own.
    private struct Enough: Error {}

    /// Reads a stream until its end, its break or the first event that is enough.
    @discardableResult
    private func read(
        _ target: String, of daemon: DaemonProcess, after id: String? = nil,
        isEnough: (ServerSentEvent) -> Bool = { _ in false }
    ) throws -> [ServerSentEvent] {
        var reader = EventStreamReader()
        var events: [ServerSentEvent] = []
        let fields = [Self.accept] + (id.map { [(name: "Last-Event-ID", value: $0)] } ?? [])
        do {
            _ = try daemon.client.stream(TransferRequest("GET", target, fields: fields)) { bytes in
                for event in reader.append(bytes) {
                    events.append(event)
                    if isEnough(event) { throw Enough() }
                }
            }
        } catch is Enough {
        } catch let error as TransferError where error.code == .unreachable {
        }
        return events
    }

    private func ids(_ daemon: DaemonProcess, _ path: String) throws -> [String] {
        try daemon.json(path)["events"]?.array?.compactMap { $0["seq"]?.int.map(String.init) } ?? []
    }

    @Test func aJobIsFollowedToItsEnd() throws {
        let daemon = try DaemonProcess()
        let id = try daemon.submit(Jobs.tiny(steps: 3))
        let events = try read("/v1/jobs/\(id)/events", of: daemon)
        let end = try #require(events.last)
        #expect(end.event == "end" && end.id == events.dropLast().last?.id)
        let view = try StreamEndView(wire: JSON(parsing: end.data))
        #expect(view.state == .succeeded && view.jobID.description == id)
        #expect(events.dropLast().map(\.id) == (try ids(daemon, "/v1/jobs/\(id)/events")).map { $0 as String? })
        #expect(events.dropLast().map(\.event) == ["STATE", "STATE", "STATE", "CHECKPOINT", "STATE"])
        for event in events.dropLast() {
            let view = try EventView(wire: JSON(parsing: event.data))
            #expect("\(view.seq)" == event.id && view.type == event.event && view.jobID.description == id)
        }
        let whole = try daemon.send("GET", "/v1/jobs/\(id)/events?tail=1", fields: [("Accept", "text/event-stream")])
        #expect(whole.field("content-type") == "text/event-stream" && whole.field("cache-control") == "no-store")
        #expect(whole.field("vary") == "Accept" && whole.field("transfer-encoding") == "chunked")
        var reader = EventStreamReader()
        #expect(reader.append(whole.body).map(\.event) == ["STATE", "end"])
        #expect(daemon.terminate() == 0)
    }

    @Test func allJobsAreFollowedAndPaged() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let first = try daemon.submit(Jobs.tiny())
        let found = Mutex<[ServerSentEvent]>([])
        let thread = Thread {
            let events = try? read("/v1/events?tail=0", of: daemon) { $0.data.contains("CANCELLED") }
            found.withLock { $0 = events ?? [] }
        }
        thread.start()
        try until("the stream is there") {
            String(decoding: try daemon.send("GET", "/metrics").body, as: UTF8.self).contains(
                "tpud_waiting_requests 1\n")
        }
        let others = try (0..<3).map { _ in try daemon.submit(Jobs.tiny()) }
        #expect(try daemon.send("POST", "/v1/jobs/\(first)/cancel").status == 202)
        try until("the events are there") { found.withLock { !$0.isEmpty } }
        let jobs = try found.withLock { $0 }.map { try EventView(wire: JSON(parsing: $0.data)).jobID.description }
        #expect(jobs == others + [first])
        // Pages of any size are the same events.
        let all = try ids(daemon, "/v1/events")
        #expect(all.count == 5)
        for limit in 1...6 {
            var (pages, after) = ([String](), 0)
            while true {
                let page = try daemon.json("/v1/events?limit=\(limit)&after_seq=\(after)")
                pages += page["events"]?.array?.compactMap { $0["seq"]?.int.map(String.init) } ?? []
                guard let next = page["next_seq"]?.int else { break }
                after = next
            }
            #expect(pages == all)
        }
        #expect(try ids(daemon, "/v1/events?tail=2") == Array(all.suffix(2)))
        for (target, fields) in [
            ("/v1/events?tail=1&after_seq=1", []), ("/v1/events?limit=1", [("Accept", "text/event-stream")]),
            ("/v1/events", [("Accept", "text/event-stream"), ("Last-Event-ID", "x")]),
        ] as [(String, [(String, String)])] {
            #expect(try daemon.send("GET", target, fields: fields).status == 400, "\(target)")
        }
    }

    /// A daemon that ends breaks no stream's count: the next one goes on after the last id.
    @Test func aStreamGoesOnAcrossARestart() throws {
        var daemon = try DaemonProcess()
        let id = try daemon.submit(Jobs.tiny(steps: 100_000_000))
        _ = try daemon.job(id) { $0["state"] == "RUNNING" }
        let target = "/v1/jobs/\(id)/events"
        let first = daemon
        let found = Mutex<[ServerSentEvent]?>(nil)
        let thread = Thread {
            let events = try? read(target, of: first)
            found.withLock { $0 = events ?? [] }
        }
        thread.start()
        try until("the stream is there") {
            String(decoding: try first.send("GET", "/metrics").body, as: UTF8.self).contains(
                "tpud_waiting_requests 1\n")
        }
        #expect(daemon.terminate() == 0)
        try until("the stream has ended") { found.withLock { $0 != nil } }
        var events = found.withLock { $0 } ?? []
        // The end is not the job's: what the drain still did to it comes when the stream is asked for again.
        #expect(events.last?.event != "end", "\(events.suffix(2))")
        daemon = try DaemonProcess(state: daemon.state)
        _ = try daemon.job(id) { $0["state"] == "RUNNING" }
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/cancel").status == 202)
        events += try read(target, of: daemon, after: events.last?.id)
        #expect(events.last?.event == "end")
        #expect(events.dropLast().compactMap(\.id) == (try ids(daemon, target)))
    }
}
