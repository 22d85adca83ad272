import Formats
import Foundation
import Glibc
import Testing
import Transfer

/// The daemon as process 1, as in a container without an init.
@Suite(.timeLimit(.minutes(10))) struct FirstProcessTests {
    private static let wrapper = ["/usr/bin/unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]

    /// Whether this process may make a space of process ids.
    private static let isAllowed: Bool = {
        let result = try? Binary.run(wrapper[0], Array(wrapper.dropFirst()) + ["true"])
        if result?.status == 0 { return true }
        print("FirstProcessTests: left out, as unshare --pid --mount-proc is not allowed here")
        return false
    }()

    @Test func workersRun() throws {
        guard Self.isAllowed else { return }
        let daemon = try DaemonProcess(wrapper: Self.wrapper)
        let id = try daemon.submit(Jobs.tiny(steps: 3))
        #expect(try daemon.final(id)["state"] == "SUCCEEDED")
    }

    /// What loses its parent in the container becomes the daemon's child, which has to take its end.
    @Test func orphansLeaveNothing() throws {
        guard Self.isAllowed else { return }
        let daemon = try DaemonProcess(wrapper: Self.wrapper)
        let wrapper = daemon.process.processIdentifier
        let first = try #require(ProcessTable.children(of: wrapper).first)
        let made = try Binary.run(
            "/usr/bin/nsenter", ["--target", "\(first)", "--pid", "sh", "-c", "for n in 1 2 3; do sleep 0.2 & done"])
        #expect(made.status == 0, "\(made.output)")
        try until("the orphans are the daemon's") { ProcessTable.children(of: first).count == 3 }
        // A process that nobody has waited for stays in the table.
        try until("they are gone") { ProcessTable.children(of: first).isEmpty }
        #expect(try daemon.send("GET", "/healthz").status == 200)
    }
}
