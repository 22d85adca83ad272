import Formats
import Foundation
import Glibc
import Testing

/// The start of a job whose specification is as large as may be stored.
@Suite(.timeLimit(.minutes(10))) struct LargeSpecificationTests {
    /// Work is compared with work, by processor time, so that a busy machine changes nothing: what the daemon's reactor
    /// does from a job's turn to its run against one reading of the same text.
    @Test func theReactorDoesNotReadIt() throws {
        let daemon = try DaemonProcess(["--workers", "1"])
        let running = try daemon.submit(Jobs.tiny(steps: 100_000_000))
        _ = try daemon.job(running) { $0["state"] == "RUNNING" }
        var large = Jobs.tiny(steps: 100_000_000, name: "large")
        large["params"] = ["filler": .array(Array(repeating: 12, count: 1_300_000))]
        let text = large.serialized()
        let queued = try daemon.submit(large)

        let before = try processorTime(ofThread: "reactor", daemon)
        try daemon.send("POST", "/v1/jobs/\(running)/cancel", body: Array("{}".utf8))
        // The list tells states and no specifications.
        try until("the large one runs") {
            usleep(20_000)
            return try daemon.json("/v1/jobs?state=RUNNING")["jobs"]?[0]?["id"] == .string(queued)
        }
        let start = try processorTime(ofThread: "reactor", daemon) - before

        let began = ownProcessorTime()
        _ = try JSON(parsing: text)
        let reading = ownProcessorTime() - began
        print(
            "the reactor's work at the start of \(text.count) bytes: \(start / 1000) us; one reading: \(reading / 1000) us"
        )
        #expect(start < reading)
    }

    /// The nanoseconds that this thread has run.
    private func ownProcessorTime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The nanoseconds that the threads of a name have run.
    private func processorTime(ofThread name: String, _ daemon: DaemonProcess) throws -> UInt64 {
        let tasks = "/proc/\(daemon.process.processIdentifier)/task"
        var sum: UInt64 = 0
        for thread in try FileManager.default.contentsOfDirectory(atPath: tasks) {
            let comm = try? String(contentsOfFile: "\(tasks)/\(thread)/comm", encoding: .utf8)
            guard comm == name + "\n" else { continue }
            let figures = try String(contentsOfFile: "\(tasks)/\(thread)/schedstat", encoding: .utf8)
            sum += try #require(figures.split(separator: " ").first.flatMap { UInt64($0) })
        }
        try #require(sum > 0, "no thread is called \(name)")
        return sum
    }
}
