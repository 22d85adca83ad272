import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// A daemon that ends again and again, as the real binary does it.
@Suite(.timeLimit(.minutes(10))) struct UncleanStartTests {
    private static let arguments = ["--max-unclean-starts", "3"]

    /// Waits until the job's attempt runs, and stops its worker, so that it can't be done.
    private func run(_ daemon: DaemonProcess, _ id: String, attempt: Int) throws {
        _ = try daemon.job(id) { $0["attempt"]?.int == attempt && $0["state"] == "RUNNING" }
        for worker in daemon.workers { Glibc.kill(worker, SIGSTOP) }
    }

    @Test func aJobThatRanAtThreeCrashesIsHeldUntilItIsResumed() throws {
        var daemon = try DaemonProcess(Self.arguments)
        let id = try daemon.submit(Jobs.tiny(steps: 200_000))
        for attempt in 1...3 {
            try run(daemon, id, attempt: attempt)
            daemon.kill()
            daemon = try DaemonProcess(Self.arguments, state: daemon.state)
        }
        let held = try daemon.json("/v1/jobs/\(id)")
        #expect(held["state"] == "QUEUED" && held["attempt"]?.int == 3, "\(held)")
        _ = try daemon.job(id) { $0["pending"]?["reason"] == "HELD" }
        #expect(daemon.log.contains { $0.contains("job \(id) is held") })
        let queue = try daemon.json("/v1/queue")["jobs"]?.array
        #expect(queue?.first?["pending"]?["reason"] == "HELD")
        // Other jobs run past it.
        let other = try daemon.submit(Jobs.tiny())
        #expect(try daemon.final(other)["state"] == "SUCCEEDED")
        let answer = try daemon.send("POST", "/v1/jobs/\(id)/resume")
        #expect(answer.status == 202, "\(String(decoding: answer.body, as: UTF8.self))")
        _ = try daemon.job(id) { $0["state"] == "RUNNING" && $0["pending"]?.isNull == true }
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/resume").status == 200)
        #expect(try daemon.final(id)["state"] == "SUCCEEDED")
        #expect(daemon.terminate() == 0)
    }

    @Test func aCleanStopEndsTheCount() throws {
        var daemon = try DaemonProcess(Self.arguments)
        let id = try daemon.submit(Jobs.tiny(steps: 100_000_000))
        for attempt in 1...4 {
            try run(daemon, id, attempt: attempt)
            if attempt == 2 {
                for worker in daemon.workers { Glibc.kill(worker, SIGCONT) }
                #expect(daemon.terminate() == 0)
            } else {
                daemon.kill()
            }
            daemon = try DaemonProcess(Self.arguments, state: daemon.state)
        }
        _ = try daemon.job(id) { $0["attempt"]?.int == 5 }
    }
}
