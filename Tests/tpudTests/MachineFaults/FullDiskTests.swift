import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// A disk that is full: a small file system of memory in a mount namespace of the daemon's own, where this user may.
@Suite(.serialized, .timeLimit(.minutes(10))) struct FullDiskTests {
    private static let place = "tpud-full-disk"

    /// A daemon whose state folder is a file system of 48 MiB that only it and its workers see.
    private func daemon() throws -> DaemonProcess {
        let (status, output) = try Binary.run("/usr/bin/env", ["unshare", "-m", "true"])
        if status != 0 { try Test.cancel("skipped: this user may not make a mount namespace: \(output)") }
        let state = try DaemonProcess.StateFolder()
        return try DaemonProcess(
            state: state,
            wrapper: [
                "/usr/bin/env", "unshare", "-m", "sh", "-c",
                "mount -t tmpfs -o size=48m \(Self.place) \"$0\" && exec \"$@\"",
                state.path,
            ])
    }

    /// Writes until nothing more fits. The namespace's files are reached through the daemon's root.
    private func fill(_ daemon: DaemonProcess) throws -> String {
        let path = "/proc/\(daemon.process.processIdentifier)/root\(daemon.state.path)/filler"
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        try #require(descriptor >= 0, "\(path): \(errno)")
        defer { close(descriptor) }
        let block = [UInt8](repeating: 1, count: 1 << 20)
        for size in [1 << 20, 1 << 16, 1 << 12, 1] { while write(descriptor, block, size) > 0 {} }
        return path
    }

    private func attempts(_ daemon: DaemonProcess, _ id: String) throws -> [JSON] {
        try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array ?? []
    }

    @Test func aFullDiskCostsNoJobAndVerbsWork() throws {
        let daemon = try daemon()
        var spec = Jobs.tiny(steps: 120_000)
        spec["run_config"] = ["save_checkpoints_steps": 500]
        spec["tpu_config"] = ["num_shards": 1, "iterations_per_loop": 100]
        let id = try daemon.submit(spec)
        let other = try daemon.submit(Jobs.tiny(steps: 100_000_000))
        for id in [id, other] { _ = try daemon.job(id) { $0["progress"]?["loss"]?.isNull == false } }

        let filler = try fill(daemon)
        let job = try daemon.job(id) { $0["pending"]?["reason"] == "DISK_FULL" }
        #expect(["QUEUED", "RETRY_WAIT"].contains(job["state"]?.string), "\(job)")
        let ended = try attempts(daemon, id).filter { $0["outcome"]?.isNull == false }
        #expect(ended.map { $0["outcome"] } == ended.map { _ in "INTERRUPTED" }, "\(ended)")
        #expect(ended.last?["error"]?["code"] == "DISK_FULL", "\(ended)")
        // It backs off: a job that can't store anything is not started again and again.
        #expect(ended.count < 20, "\(ended.count) attempts")

        let refused = try daemon.send("POST", "/v1/jobs", body: Jobs.tiny().serialized())
        #expect(refused.status == 507, "\(String(decoding: refused.body, as: UTF8.self))")
        #expect(try JSON(parsing: refused.body)["code"] == "DISK_FULL")
        #expect(try daemon.send("GET", "/healthz").status == 200)
        // The reserve lets a verb be stored on a full disk.
        #expect(try daemon.send("POST", "/v1/jobs/\(other)/cancel").status == 202)
        #expect(try daemon.final(other)["state"] == "CANCELLED")

        try FileManager.default.removeItem(atPath: filler)
        let final = try daemon.final(id)
        #expect(final["state"] == "SUCCEEDED" && final["result"]?["global_step"] == 120_000, "\(final)")
        for attempt in try attempts(daemon, id) {
            #expect(["SUCCEEDED", "INTERRUPTED"].contains(attempt["outcome"]?.string), "\(attempt)")
        }
        let id2 = try daemon.submit(Jobs.tiny())
        #expect(try daemon.final(id2)["state"] == "SUCCEEDED")
        #expect(daemon.terminate() == 0)
    }
}
