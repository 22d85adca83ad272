import Formats
import Foundation
import Synchronization
import Testing
import Transfer

/// The real binary on several reactors: whatever is asked, on whichever of them, is as it is on one.
@Suite(.timeLimit(.minutes(10))) struct ReactorsTests {
    private static let reactors = 3

    /// A daemon, and a connection to each of its reactors.
    private struct Setting {
        let daemon: DaemonProcess
        private let connections: [KeptConnection]

        init(_ arguments: [String] = []) throws {
            daemon = try DaemonProcess(["--reactors", "\(reactors)"] + arguments)
            // Nobody else is connected: each gets the next one.
            connections = try (0..<reactors).map { [daemon] _ in try KeptConnection(daemon) }
            // Ids of requests begin with what is their reactor's own.
            let ids = try everywhere("GET", "/healthz").compactMap { $0.fields["x-request-id"]?.prefix(8) }
            #expect(Set(ids).count == reactors)
        }

        /// Asks once on each reactor.
        func everywhere(_ method: String, _ target: String, body: JSON? = nil) throws -> [KeptConnection.Answer] {
            try connections.map { try $0.ask(method, target, body: body) }
        }

        /// Asks once on one of them.
        func ask(_ method: String, _ target: String, on reactor: Int, body: JSON? = nil) throws -> Int {
            try connections[reactor % reactors].ask(method, target, body: body).status
        }

        /// How many requests wait for something to happen.
        var waiting: Int? {
            get throws {
                let figures = String(decoding: try connections[0].ask("GET", "/metrics").body, as: UTF8.self)
                return figures.split(separator: "\n").first { $0.hasPrefix("tpud_waiting_requests ") }
                    .flatMap { Int($0.split(separator: " ")[1]) }
            }
        }
    }

    /// What a client of its own is answered, in a thread of its own.
    private static func watch(
        _ target: String, of daemon: DaemonProcess, accept: String? = nil, _ ended: @escaping @Sendable (String) -> Void
    ) {
        let client = daemon.client
        Thread {
            let fields = accept.map { [(name: "Accept", value: $0)] } ?? []
            let reply = try? client.send(TransferRequest("GET", target, fields: fields, timeout: 120))
            ended(reply.map { String(decoding: $0.body, as: UTF8.self) } ?? "no answer")
        }.start()
    }

    @Test func aJobIsWatchedFromAllOfThem() throws {
        let test = try Setting(["--workers", "0"])
        let daemon = test.daemon
        let id = try daemon.submit(Jobs.tiny(steps: 3))
        let ends = Mutex<[String]>([])
        // One by one, so that each reactor has some of each kind.
        for (name, target, accept) in [
            ("poll", "/v1/jobs/\(id)?until=terminal", nil), ("events", "/v1/jobs/\(id)/events", "text/event-stream"),
            ("logs", "/v1/jobs/\(id)/logs?follow=true", nil),
        ] {
            for _ in 0..<Self.reactors {
                let before = try test.waiting ?? 0
                Self.watch(target, of: daemon, accept: accept) { text in
                    let isWhole =
                        switch name {
                        case "poll": text.contains(#""state":"CANCELLED""#)
                        case "events": text.contains("event: end")
                        default: text.isEmpty
                        }
                    ends.withLock { $0.append(isWhole ? name : text) }
                }
                try until("it waits") { try test.waiting == before + 1 }
            }
        }
        #expect(try test.everywhere("GET", "/v1/jobs/\(id)").allSatisfy { $0.status == 200 })
        #expect(try test.ask("POST", "/v1/jobs/\(id)/cancel", on: 1) == 202)
        try until("all have ended") { ends.withLock { $0.count } == 3 * Self.reactors }
        let expected = ["events", "logs", "poll"].flatMap { Array(repeating: $0, count: Self.reactors) }
        #expect(ends.withLock { $0.sorted() } == expected)
        // Kept as it was shown or read anew, it is the same job everywhere.
        for target in ["/v1/jobs/\(id)", "/v1/jobs", "/v1/events"] {
            #expect(try Set(test.everywhere("GET", target).map(\.body)).count == 1, "\(target)")
        }
        #expect(daemon.terminate() == 0)
    }

    @Test func everyVerbIsAskedOnEach() throws {
        let test = try Setting()
        let daemon = test.daemon
        for reactor in 0..<Self.reactors {
            let id = try daemon.submit(Jobs.tiny(steps: 100_000_000))
            func ask(_ verb: String) throws -> Int { try test.ask("POST", "/v1/jobs/\(id)/\(verb)", on: reactor) }
            _ = try daemon.job(id) { $0["state"]?.string == "RUNNING" }
            #expect(try ask("checkpoint") == 202)
            #expect(try ask("profile?steps=2") == 202)
            #expect(try ask("pause") == 202)
            _ = try daemon.job(id) { $0["state"]?.string == "PAUSED" }
            #expect(try ask("resume") == 202)
            _ = try daemon.job(id) { $0["state"]?.string == "RUNNING" }
            #expect(try ask("kill") == 202)
            #expect(try daemon.final(id)["state"]?.string == "CANCELLED")
            #expect(try test.ask("PATCH", "/v1/jobs/\(id)", on: reactor, body: ["labels": ["a": "b"]]) == 200)
            #expect(try Set(test.everywhere("GET", "/v1/jobs/\(id)").map(\.body)).count == 1)
            #expect(try test.ask("DELETE", "/v1/jobs/\(id)", on: reactor) == 204)
            // Whoever knew it knows it no more.
            #expect(try test.everywhere("GET", "/v1/jobs/\(id)").allSatisfy { $0.status == 404 })
            for verb in ["drain", "undrain"] {
                #expect(try test.ask("POST", "/v1/hosts/0/\(verb)", on: reactor) == 202)
            }
        }
        #expect(daemon.terminate() == 0)
    }

    @Test func everythingIsReadOnEach() throws {
        let test = try Setting()
        let id = try test.daemon.submit(Jobs.tiny(steps: 2))
        _ = try test.daemon.final(id)
        let checkpoints = try test.daemon.json("/v1/jobs/\(id)/checkpoints")
        let step = try #require(checkpoints["checkpoints"]?[0]?["step"]?.int)
        for target in [
            "/v1/jobs/\(id)/events", "/v1/jobs/\(id)/metrics", "/v1/jobs/\(id)/attempts", "/v1/jobs/\(id)/spec",
            "/v1/jobs/\(id)/logs?tail=3", "/v1/events", "/v1/queue", "/v1/topology", "/v1/audit", "/metrics",
            "/openapi.json", "/", "/v1/jobs/\(id)/checkpoints/\(step)/model.safetensors",
            "/v1/jobs/\(id)/checkpoints/\(step)/model.onnx", "/v1/webhooks/deliveries", "/readyz", "/version",
        ] {
            #expect(try test.everywhere("GET", target).allSatisfy { $0.status == 200 }, "\(target)")
        }
        // Specifications are checked on the first, and answered where they came.
        for (spec, status) in [(Jobs.tiny(name: "again"), 201), (["mode": "train"] as JSON, 422)] {
            let answers = try test.everywhere("POST", "/v1/jobs", body: spec)
            #expect(answers.map(\.status) == Array(repeating: status, count: Self.reactors))
        }
        #expect(test.daemon.terminate() == 0)
    }

    /// Connections of every reactor end with the daemon, and what is held is answered before.
    @Test func allOfThemDrain() throws {
        let test = try Setting(["--workers", "0"])
        let id = try test.daemon.submit(Jobs.tiny())
        let states = Mutex<[Bool]>([])
        for _ in 0..<2 * Self.reactors {
            Self.watch("/v1/jobs/\(id)?until=terminal", of: test.daemon) { text in
                states.withLock { $0.append(text.contains(#""state":"QUEUED""#)) }
            }
        }
        try until("all wait") { try test.waiting == 2 * Self.reactors }
        #expect(test.daemon.terminate() == 0)
        try until("all are answered") { states.withLock { $0.count } == 2 * Self.reactors }
        #expect(states.withLock { $0.allSatisfy { $0 } })
    }
}
