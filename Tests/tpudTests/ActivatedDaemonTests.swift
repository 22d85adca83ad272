import Formats
import Foundation
import TestSupport
import Testing
import Transfer

/// The daemon on sockets that its parent has opened, as systemd does.
@Suite struct ActivatedDaemonTests {
    /// Opens a listening socket as descriptor 3, says so, and becomes the daemon.
    private static func launcher(host: String) -> [String] {
        [
            "/usr/bin/python3", "-c",
            """
            import os, socket, sys
            listener = socket.create_server(("\(host)", 0))
            os.dup2(listener.fileno(), 3)
            os.set_inheritable(3, True)
            os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
            os.execv(sys.argv[1], sys.argv[1:])
            """,
        ]
    }

    @Test func theSocketTakesThePlaceOfTheSettings() throws {
        let daemon = try DaemonProcess(
            ["--listen", "127.0.0.1:1"], wrapper: Self.launcher(host: "127.0.0.1"))
        #expect(daemon.port != 1)
        #expect(try daemon.send("GET", "/readyz").status == 200)
        let id = try daemon.submit(Jobs.tiny(steps: 10))
        #expect(try daemon.final(id)["state"] == "SUCCEEDED")
        #expect(daemon.terminate() == 0)
    }

    @Test func aSocketThatOtherMachinesReachIsRefused() throws {
        let state = try DaemonProcess.StateFolder()
        let launcher = Self.launcher(host: "0.0.0.0")
        let (status, output) = try Binary.run(
            launcher[0], Array(launcher.dropFirst()) + [Binary.tpud, "serve", "--state-dir", state.path])
        #expect(status == 1)
        #expect(output.contains("which other machines reach; let ListenStream be 127.0.0.1 or a path"), "\(output)")
    }
}
