import Formats
import Foundation
import Glibc
import HTTPTypes
import Testing
import Transfer

/// Many connections, waiting clients and a log that nobody reads, against the real binary.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ConnectionTests {
    /// Connects to a daemon and sends what is given; the socket.
    private func connect(_ daemon: DaemonProcess, sending text: String = "") throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = daemon.port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
        if !text.isEmpty { try #require(send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) > 0) }
        return descriptor
    }

    private func ask(_ method: String, _ target: String, _ fields: String = "") -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
    }

    /// All that a socket gets, to its end.
    private func rest(_ descriptor: Int32) -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += buffer[..<count]
        }
    }

    private func figure(_ name: String, _ daemon: DaemonProcess) throws -> Double {
        let text = String(decoding: try daemon.send("GET", "/metrics").body, as: UTF8.self)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") }, "\(name)")
        return try #require(Double(line.split(separator: " ")[1]))
    }

    @Test func idleConnectionsTakeNothingFromJobs() throws {
        let daemon = try DaemonProcess(wrapper: ["/bin/sh", "-c", "ulimit -n 256; exec \"$0\" \"$@\""])
        try daemon.waitForLine("max_connections is")
        var idle: [Int32] = []
        defer { for descriptor in idle { close(descriptor) } }
        for number in 0..<400 {
            // Some have asked before, some never say a word.
            idle.append(try connect(daemon, sending: number % 2 == 0 ? ask("GET", "/healthz") : ""))
        }
        #expect(try daemon.send("GET", "/healthz").status == 200)
        let id = try daemon.submit(Jobs.tiny())
        #expect(try daemon.final(id)["state"] == "SUCCEEDED")
        #expect(try figure("tpud_http_idle_closed_total", daemon) > 200)
        #expect(daemon.log.filter { $0.contains("no connections are accepted") }.count < 10)
    }

    @Test func waitingClientsWithBodiesStopNobody() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let id = try daemon.submit(Jobs.tiny())
        let body = String(repeating: " ", count: 4 << 20)
        var polls: [Int32] = []
        defer { for descriptor in polls { close(descriptor) } }
        for _ in 0..<17 {
            let descriptor = try connect(
                daemon, sending: ask("GET", "/v1/jobs/\(id)?wait=60s", "Content-Length: \(body.utf8.count)\r\n"))
            polls.append(descriptor)
            var sent = 0
            while sent < body.utf8.count {
                let count = body.utf8.withContiguousStorageIfAvailable { bytes in
                    send(
                        descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent,
                        Int32(MSG_NOSIGNAL))
                }
                try #require(count ?? -1 > 0)
                sent += count ?? 0
            }
        }
        try until("all of them wait") { try figure("tpud_waiting_requests", daemon) == 17 }
        #expect(try figure("tpud_http_body_bytes", daemon) == 0)
        let other = try daemon.submit(Jobs.tiny())
        #expect(try daemon.json("/v1/jobs/\(other)")["state"] == "QUEUED")
    }

    @Test func thousandsOfLongPollsAreAnsweredAtOnce() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let id = try daemon.submit(Jobs.tiny())
        let before = ProcessTable.figures(of: daemon.process.processIdentifier).resident
        var polls: [Int32] = []
        defer { for descriptor in polls { close(descriptor) } }
        for _ in 0..<1_000 {
            polls.append(
                try connect(daemon, sending: ask("GET", "/v1/jobs/\(id)?wait=60s", "Connection: close\r\n")))
        }
        try until("all of them wait") { try figure("tpud_waiting_requests", daemon) == 1_000 }
        let after = ProcessTable.figures(of: daemon.process.processIdentifier).resident
        print("a long poll holds \((after - before) / 1_000) bytes of the daemon")
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/cancel").status == 202)
        for descriptor in polls { #expect(rest(descriptor).contains("\"CANCELLED\"")) }
        #expect(try figure("tpud_waiting_requests", daemon) == 0)
    }

    @Test func aFollowerGetsEveryLineToTheEnd() throws {
        let daemon = try DaemonProcess()
        let id = try daemon.submit(Jobs.tiny(steps: 200_000))
        let follower = try connect(
            daemon, sending: ask("GET", "/v1/jobs/\(id)/logs?follow=true", "Connection: close\r\n"))
        defer { close(follower) }
        _ = try daemon.job(id) { $0["state"] == "RUNNING" }
        _ = try daemon.send("POST", "/v1/jobs/\(id)/cancel")
        #expect(try daemon.final(id)["state"] == "CANCELLED")
        let answer = rest(follower)
        #expect(answer.hasSuffix("0\r\n\r\n"))
        let log = try daemon.send("GET", "/v1/jobs/\(id)/logs").body
        let parts = answer.components(separatedBy: "\r\n\r\n")
        #expect(Self.unchunked(parts.dropFirst().joined(separator: "\r\n\r\n")) == String(decoding: log, as: UTF8.self))
        // Past every end there is nothing, which is no fault.
        let past = try daemon.send("GET", "/v1/jobs/\(id)/logs?since_offset=9007199254740991&follow=true")
        #expect(past.status == 200)
        #expect(past.body.isEmpty)
    }

    private static func unchunked(_ text: String) -> String {
        var rest = Array(text.utf8)[...]
        var body: [UInt8] = []
        while let end = rest.firstIndex(of: 13),
            let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16),
            size > 0
        {
            rest = rest[(end + 2)...]
            body += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
        }
        return String(decoding: body, as: UTF8.self)
    }

    @Test func aLogThatNobodyReadsStopsNothing() throws {
        let state = try DaemonProcess.StateFolder()
        let process = Process()
        process.executableURL = URL(filePath: Binary.tpud)
        let socket = state.path + "/s"
        process.arguments = [
            "serve", "--state-dir", state.path + "/state", "--listen", "127.0.0.1:0", "--socket", socket, "--log-level",
            "trace", "--workers", "1",
        ]
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TPUD_") }
        let pipe = Pipe()
        // A pipe holds 4 KiB at the least; nobody reads it.
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, 1_031, 4_096)
        process.standardError = pipe
        try process.run()
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let client = try TransferClient(address: "unix:\(socket)")
        try until("it serves") {
            (try? client.send(TransferRequest("GET", "/readyz")))?.status == 200
        }
        // Each job is some lines of the log.
        for _ in 0..<30 {
            let reply = try client.send(
                TransferRequest(
                    "POST", "/v1/jobs", fields: [(name: "Content-Type", value: "application/json")],
                    body: Jobs.tiny().serialized()))
            try #require(reply.status == 201)
            let id = try #require(try JSON(parsing: reply.body)["id"]?.string)
            let final = try client.send(TransferRequest("GET", "/v1/jobs/\(id)?until=terminal", timeout: 60))
            #expect(try JSON(parsing: final.body)["state"] == "SUCCEEDED")
        }
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
