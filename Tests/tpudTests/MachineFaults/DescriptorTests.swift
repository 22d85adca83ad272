import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// Few descriptors and many connections, at the real daemon.
@Suite(.serialized, .timeLimit(.minutes(10))) struct DescriptorTests {
    /// More idle connections than the limit allows take nothing from jobs, nor from who comes later.
    @Test func idleConnectionsTakeNothingFromJobs() throws {
        let daemon = try DaemonProcess(wrapper: ["/usr/bin/env", "sh", "-c", "ulimit -n 256; exec \"$0\" \"$@\""])
        let idle = try Connections(to: daemon, count: 400)
        let ids = try (0..<3).map { try daemon.submit(Jobs.tiny(name: "short-\($0)")) }
        for id in ids {
            let job = try daemon.final(id)
            #expect(job["state"] == "SUCCEEDED" && job["attempt"] == 1, "\(job)")
            let path = "/v1/jobs/\(id)/checkpoints/1/model.safetensors"
            #expect(try daemon.send("GET", path).status == 200)
        }
        #expect(try daemon.send("GET", "/readyz").status == 200)
        #expect(idle.count == 400)
        #expect(daemon.terminate() == 0)
    }

    /// Connections that say nothing: every other one from the start, the rest once they have had an answer.
    private final class Connections {
        private var descriptors: [Int32] = []

        init(to daemon: DaemonProcess, count: Int) throws {
            for number in 0..<count {
                let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                let port = try #require(UInt16(daemon.client.base.split(separator: ":").last ?? ""))
                address.sin_port = port.bigEndian
                address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
                let status = withUnsafePointer(to: address) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                    }
                }
                try #require(status == 0, "connect: \(errno)")
                descriptors.append(descriptor)
                guard number % 2 == 0 else { continue }
                var request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                request.withUTF8 { _ = send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            }
        }

        var count: Int { descriptors.count }

        deinit { for descriptor in descriptors { close(descriptor) } }
    }
}
