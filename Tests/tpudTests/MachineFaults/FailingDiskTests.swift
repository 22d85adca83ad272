import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// A disk whose writes fail at times, seen by the real daemon.
@Suite(.serialized, .timeLimit(.minutes(10))) struct FailingDiskTests {
    /// Whatever the disk does, an answer is true: what was answered 201 is there, and no job pays for it.
    @Test func whatWasAnsweredIsThereAndNoJobPays() throws {
        let faults = try MachineFaults()
        let daemon = try DaemonProcess(environment: faults.environment())
        let running = try daemon.submit(Jobs.tiny(steps: 30_000))
        var answered: [String] = []
        for every in [3, 2, 1, 5] {
            faults.failing = every
            for number in 0..<15 {
                let body = Jobs.tiny(name: "disk-\(every)-\(number)").serialized()
                let reply = try daemon.send("POST", "/v1/jobs", body: body)
                let text = String(decoding: reply.body, as: UTF8.self)
                #expect([201, 503, 507].contains(reply.status), "\(text)")
                #expect(try daemon.send("GET", "/healthz").status == 200)
                if reply.status == 201 { answered.append(try #require(try JSON(parsing: reply.body)["id"]?.string)) }
            }
        }
        faults.failing = 0
        try until("it is ready again") { try daemon.send("GET", "/readyz").status == 200 }
        for id in [running] + answered {
            let job = try daemon.final(id)
            #expect(job["state"] == "SUCCEEDED", "\(job)")
            for attempt in try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array ?? [] {
                #expect(["SUCCEEDED", "INTERRUPTED"].contains(attempt["outcome"]?.string), "\(attempt)")
            }
        }
        daemon.kill()
        let next = try DaemonProcess(state: daemon.state)
        for id in answered { #expect(try next.json("/v1/jobs/\(id)")["state"] == "SUCCEEDED") }
        #expect(try next.json("/v1/jobs?limit=500")["jobs"]?.array?.count == answered.count + 1)
    }

    /// While nothing can be stored, the daemon says that it is not ready, and serves what it has.
    @Test func whileNothingCanBeStoredItIsNotReady() throws {
        let faults = try MachineFaults()
        let daemon = try DaemonProcess(environment: faults.environment())
        let id = try daemon.submit(Jobs.tiny())
        _ = try daemon.final(id)
        faults.failing = 1
        let body = Jobs.tiny().serialized()
        try until("it is not ready") {
            _ = try daemon.send("POST", "/v1/jobs", body: body)
            return try daemon.send("GET", "/readyz").status == 503
        }
        #expect(try daemon.send("GET", "/healthz").status == 200)
        #expect(try daemon.json("/v1/jobs/\(id)")["state"] == "SUCCEEDED")
        faults.failing = 0
        try until("it is ready again") { try daemon.send("GET", "/readyz").status == 200 }
    }
}
