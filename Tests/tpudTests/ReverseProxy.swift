import Foundation
import Glibc
import TestSupport
import Testing

/// nginx or Caddy with the lines of docs/operating.md, a certificate of its own and a port of the kernel's choice.
// @unchecked: the process is started once, and Foundation guards it.
final class ReverseProxy: @unchecked Sendable {
    /// The name that the document gives to the server.
    static let name = "tpud.example"
    /// What it is.
    enum Program: String, CaseIterable, Sendable {
        case nginx
        case caddy
    }

    /// The port that it listens on.
    let port: UInt16
    /// The certificate's path.
    let certificate: String
    private let curl: String
    private let process = Process()

    /// Starts it; cancels the test where something that it takes is not installed.
    ///
    /// - Parameters:
    ///   - daemon: the daemon's port.
    ///   - folder: where its files go.
    init(_ program: Program, of daemon: UInt16, folder: String) throws {
        let proxy = try Self.path(of: program.rawValue)
        curl = try Self.path(of: "curl")
        port = try Self.freePort()
        certificate = folder + "/tpud.crt"
        let key = folder + "/tpud.key"
        let made = try Binary.run(
            try Self.path(of: "openssl"),
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=\(Self.name)", "-addext",
                "subjectAltName=DNS:\(Self.name)", "-keyout", key, "-out", certificate,
            ])
        try #require(made.status == 0, "\(made.output)")
        process.executableURL = URL(filePath: proxy)
        switch program {
        case .nginx: try configureNginx(daemon, key: key, folder: folder)
        case .caddy: try configureCaddy(daemon, key: key, folder: folder)
        }
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        try until("\(program) answers") {
            try #require(process.isRunning, "\(program) ended: \(log(folder))")
            return try Binary.run(curl, arguments("/healthz", [])).status == 0
        }
    }

    private func configureNginx(_ daemon: UInt16, key: String, folder: String) throws {
        // What is another here than in the document: the port, the files, and where the daemon listens.
        let server = try Self.documented(
            "nginx",
            [
                ("listen 443 ssl", "listen 127.0.0.1:\(port) ssl"), ("/etc/ssl/tpud.crt", certificate),
                ("/etc/ssl/tpud.key", key), ("http://127.0.0.1:8470", "http://127.0.0.1:\(daemon)"),
            ])
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/\($0);" }
        let configuration = """
            daemon off; master_process off; pid \(folder)/nginx.pid; error_log \(folder)/proxy.log;
            events {}
            http { access_log off; \(temporary.joined(separator: " "))
            \(server)}
            """
        try configuration.write(toFile: folder + "/nginx.conf", atomically: true, encoding: .utf8)
        process.arguments = ["-p", folder, "-e", folder + "/proxy.log", "-c", folder + "/nginx.conf"]
    }

    private func configureCaddy(_ daemon: UInt16, key: String, folder: String) throws {
        // As above; a certificate of a public authority needs a public name.
        let site = try Self.documented(
            "Caddyfile",
            [
                ("\(Self.name) {", "\(Self.name):\(port) {\n    bind 127.0.0.1\n    tls \(certificate) \(key)"),
                ("127.0.0.1:8470", "127.0.0.1:\(daemon)"),
            ])
        let configuration = """
            {
                admin off
                auto_https disable_redirects
            }
            \(site)
            """
        try configuration.write(toFile: folder + "/Caddyfile", atomically: true, encoding: .utf8)
        process.arguments = ["run", "--config", folder + "/Caddyfile", "--adapter", "caddyfile"]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "HOME": folder, "XDG_CONFIG_HOME": folder + "/caddy", "XDG_DATA_HOME": folder + "/caddy",
        ]) { $1 }
        try Data().write(to: URL(filePath: folder + "/proxy.log"))
        process.standardError = FileHandle(forWritingAtPath: folder + "/proxy.log")
    }

    /// The lines that docs/operating.md has for a program, with what is another here.
    private static func documented(_ language: String, _ changes: [(documented: String, here: String)]) throws -> String
    {
        let page = try String(contentsOf: ProjectFiles.root.appending(path: "docs/operating.md"), encoding: .utf8)
        let block = try #require(page.components(separatedBy: "```\(language)\n").dropFirst().first)
        var lines = try #require(block.components(separatedBy: "```").first)
        for (documented, here) in changes {
            try #require(lines.contains(documented))
            lines = lines.replacing(documented, with: here)
        }
        return lines
    }

    /// Where a program is.
    private static func path(of program: String) throws -> String {
        let path = ["/usr/sbin", "/usr/bin", "/usr/local/bin"].map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        if let path { return path }
        let reason = "\(program) is not installed: make proxy-test does it"
        // One case of several that is cancelled is not told of by the test's own report.
        print("ProxyTests: \(reason)")
        try Test.cancel("\(reason)")
    }

    deinit {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Where it is.
    var url: String { "https://\(Self.name):\(port)" }

    /// What curl has to know to find it.
    var resolution: String { "\(Self.name):\(port):127.0.0.1" }

    /// A request by curl, which checks the certificate; status, head and body.
    func send(_ path: String, _ more: [String] = []) throws -> (status: Int, fields: String, body: String) {
        let (status, output) = try Binary.run(curl, arguments(path, more))
        try #require(status == 0, "curl \(status): \(output.suffix(500))")
        // Behind the interim answers to Expect: the proxy's, and the daemon's where it is handed on.
        var whole = output[...]
        while whole.hasPrefix("HTTP/1.1 100") { whole = whole.split(separator: "\r\n\r\n", maxSplits: 1)[1] }
        let parts = whole.split(separator: "\r\n\r\n", maxSplits: 1)
        let head = try #require(parts.first)
        let code = head.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return (try #require(code), String(head), parts.count > 1 ? String(parts[1]) : "")
    }

    private func arguments(_ path: String, _ more: [String]) -> [String] {
        ["-sSi", "--http1.1", "--max-time", "60", "--cacert", certificate, "--resolve", resolution] + more + [
            url + path
        ]
    }

    private func log(_ folder: String) -> String {
        (try? String(contentsOfFile: folder + "/proxy.log", encoding: .utf8)) ?? ""
    }

    /// A port that nobody listens on.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // unsafe: the address lives through the calls.
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        try #require(status == 0)
        return UInt16(bigEndian: address.sin_port)
    }
}
