import Foundation

/// The real binary with a token behind a reverse proxy.
struct ProxiedDaemon {
    let state: DaemonProcess.StateFolder
    let daemon: DaemonProcess
    let proxy: ReverseProxy
    /// A submitter's.
    let token: String

    /// Starts both.
    init(_ program: ReverseProxy.Program) throws {
        state = try DaemonProcess.StateFolder()
        let file = state.path + "/tokens"
        let script = "exec \"$0\" token add --role submitter --name alice --file \"$1\" 2> /dev/null"
        token = try Binary.run("/bin/sh", ["-c", script, Binary.tpud, file]).output
            .trimmingCharacters(in: .newlines)
        daemon = try DaemonProcess(["--tokens", file, "--allowed-host", ReverseProxy.name])
        proxy = try ReverseProxy(program, of: daemon.port, folder: state.path)
    }

    /// A request with the token.
    func send(_ path: String, _ arguments: [String] = []) throws -> (status: Int, fields: String, body: String) {
        try proxy.send(path, ["-H", "Authorization: Bearer \(token)"] + arguments)
    }
}
