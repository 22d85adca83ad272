import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// What was answered outlives `kill -9`.
@Suite(.serialized, .timeLimit(.minutes(10))) struct AcknowledgementTests {
    /// Everything that was answered 201 is there after a `kill -9` in the middle of it, and nothing is there twice.
    @Test func whatWasAnsweredIsStored() throws {
        let state = try DaemonProcess.StateFolder()
        var answered: [String] = []
        for round in 0..<3 {
            let daemon = try DaemonProcess(["--workers", "1"], state: state)
            let killer = Thread {
                usleep(150_000)
                daemon.kill()
            }
            killer.start()
            for number in 0..<10_000 {
                guard
                    let reply = try? daemon.send(
                        "POST", "/v1/jobs", body: Jobs.tiny(name: "r\(round)-\(number)").serialized()),
                    reply.status == 201
                else { break }
                answered.append(try #require(try JSON(parsing: reply.body)["id"]?.string))
            }
        }
        let daemon = try DaemonProcess(["--workers", "1"], state: state)
        var stored: [String] = []
        var names: [String] = []
        var token = ""
        while true {
            let page = try daemon.json("/v1/jobs?limit=500" + token)
            for job in page["jobs"]?.array ?? [] {
                stored.append(job["id"]?.string ?? "")
                names.append(job["name"]?.string ?? "")
            }
            guard let next = page["next_page_token"]?.string else { break }
            token = "&page_token=\(next)"
        }
        #expect(answered.count > 3)
        #expect(Set(answered).isSubset(of: Set(stored)))
        #expect(Set(names).count == names.count)
    }
}
