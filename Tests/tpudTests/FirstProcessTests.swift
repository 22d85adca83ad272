import Formats
import Foundation
import Glibc
import Testing

/// The daemon as process 1, as in a container without an init.
@Suite(.timeLimit(.minutes(1))) struct FirstProcessTests {
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
}
