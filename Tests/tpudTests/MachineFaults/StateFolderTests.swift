import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// A state folder that is not what the last daemon has left.
@Suite(.serialized, .timeLimit(.minutes(10))) struct StateFolderTests {
    /// Status and words of a daemon that must not start.
    private func refusal(_ state: DaemonProcess.StateFolder) throws -> String {
        let (status, output) = try Binary.run(
            "/usr/bin/timeout",
            [
                "20", "env", "-u", "TPUD_KILLS", Binary.tpud, "serve", "--state-dir", state.path, "--listen",
                "127.0.0.1:0",
            ])
        #expect(status == 1, "it ended with \(status): \(output)")
        return output
    }

    private func database(_ state: DaemonProcess.StateFolder) -> [URL] {
        ["", "-wal", "-shm"].map { URL(filePath: state.path).appending(path: "tpud.sqlite\($0)") }
    }

    /// A folder with one finished job whose daemon has ended.
    private func used() throws -> (state: DaemonProcess.StateFolder, id: String) {
        let daemon = try DaemonProcess()
        let id = try daemon.submit(Jobs.tiny())
        _ = try daemon.final(id)
        #expect(daemon.terminate() == 0)
        return (daemon.state, id)
    }

    @Test func aLostDatabaseIsNotReplacedByAFreshOne() throws {
        let (state, id) = try used()
        let kept = try DaemonProcess.StateFolder()
        let files = FileManager.default
        let there = database(state).filter { files.fileExists(atPath: $0.path) }
        for file in there { try files.moveItem(atPath: file.path, toPath: "\(kept.path)/\(file.lastPathComponent)") }
        let words = try refusal(state)
        #expect(words.contains("tpud.sqlite"), "\(words)")
        #expect(!files.fileExists(atPath: database(state)[0].path))
        for file in there { try files.moveItem(atPath: "\(kept.path)/\(file.lastPathComponent)", toPath: file.path) }
        let daemon = try DaemonProcess(state: state)
        #expect(try daemon.json("/v1/jobs/\(id)")["state"] == "SUCCEEDED")
    }

    @Test func anEmptyDatabaseIsRefused() throws {
        let (state, _) = try used()
        for file in database(state) { try? FileManager.default.removeItem(at: file) }
        try Data().write(to: database(state)[0])
        #expect(try refusal(state).contains("tpud.sqlite"))
        #expect(try Data(contentsOf: database(state)[0]).isEmpty)
    }

    @Test func anOlderDatabaseIsRefused() throws {
        let (state, _) = try used()
        let old = try Data(contentsOf: database(state)[0])
        let daemon = try DaemonProcess(state: state)
        for _ in 0..<3 { _ = try daemon.final(daemon.submit(Jobs.tiny())) }
        #expect(daemon.terminate() == 0)
        for file in database(state) { try? FileManager.default.removeItem(at: file) }
        try old.write(to: database(state)[0])
        #expect(try refusal(state).contains("older"))
    }

    /// The lock is on the folder, not on a file in it that somebody may remove.
    @Test func aSecondDaemonIsRefusedWhateverIsRemoved() throws {
        let first = try DaemonProcess()
        for name in try FileManager.default.contentsOfDirectory(atPath: first.state.path) where name.contains("lock") {
            try FileManager.default.removeItem(atPath: "\(first.state.path)/\(name)")
        }
        #expect(try refusal(first.state).contains("in use by another tpud"))
        let id = try first.submit(Jobs.tiny())
        #expect(try first.final(id)["state"] == "SUCCEEDED")
    }

    /// A smaller pod holds the jobs that do not fit any more, and runs the others.
    @Test func aSmallerPodHoldsWhatNoLongerFits() throws {
        let large = try DaemonProcess(["--pod", "v2-32", "--workers", "0"])
        let big = try large.submit(Jobs.tiny(shards: 16))
        let small = try large.submit(Jobs.tiny(shards: 8))
        #expect(large.terminate() == 0)

        let smaller = try DaemonProcess(["--pod", "v2-8"], state: large.state)
        #expect(try smaller.final(small)["state"] == "SUCCEEDED")
        let held = try smaller.job(big) { $0["pending"]?["reason"] == "CANNOT_FIT" }
        #expect(held["state"] == "QUEUED" && held["attempt"] == 0, "\(held)")
        #expect(smaller.terminate() == 0)

        let again = try DaemonProcess(["--pod", "v2-32"], state: large.state)
        #expect(try again.final(big)["state"] == "SUCCEEDED")
    }
}
