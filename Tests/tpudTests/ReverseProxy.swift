import Foundation
import Glibc
import TestSupport
import Testing

/// nginx with the lines of docs/operating.md, a certificate of its own and a port of the kernel's choice.
// @unchecked: the process is started once, and Foundation guards it.
final class ReverseProxy: @unchecked Sendable {
    /// The name that the document gives to the server.
    static let name = "tpud.example"
    private static let programs = ["nginx", "openssl", "curl"].map { name in
        ["/usr/sbin", "/usr/bin", "/usr/local/bin"].map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
    /// Whether all is there that it takes.
    static let isInstalled = !programs.contains(nil)

    /// The port that it listens on.
    let port: UInt16
    /// The certificate's path.
    let certificate: String
    private let process = Process()

    /// Starts it.
    ///
    /// - Parameters:
    ///   - daemon: the daemon's port.
    ///   - folder: where its files go.
    init(of daemon: UInt16, folder: String) throws {
        let found = try Self.programs.map { try #require($0) }
        port = try Self.freePort()
        certificate = folder + "/tpud.crt"
        let key = folder + "/tpud.key"
        let made = try Binary.run(
            found[1],
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=\(Self.name)", "-addext",
                "subjectAltName=DNS:\(Self.name)", "-keyout", key, "-out", certificate,
            ])
        try #require(made.status == 0, "\(made.output)")
        let page = try String(contentsOf: ProjectFiles.root.appending(path: "docs/operating.md"), encoding: .utf8)
        let block = try #require(page.firstMatch(of: /(?s)```nginx\n(.*?)```/)).1
        // What is another here than in the document: the port, the files, and where the daemon listens.
        var server = String(block)
        for (documented, here) in [
            ("listen 443 ssl", "listen 127.0.0.1:\(port) ssl"), ("/etc/ssl/tpud.crt", certificate),
            ("/etc/ssl/tpud.key", key), ("http://127.0.0.1:8470", "http://127.0.0.1:\(daemon)"),
        ] {
            try #require(server.contains(documented))
            server = server.replacing(documented, with: here)
        }
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder)/\($0);" }
        let configuration = """
            daemon off; master_process off; pid \(folder)/nginx.pid; error_log \(folder)/nginx.log;
            events {}
            http { access_log off; \(temporary.joined(separator: " "))
            \(server)}
            """
        try configuration.write(toFile: folder + "/nginx.conf", atomically: true, encoding: .utf8)
        process.executableURL = URL(filePath: found[0])
        process.arguments = ["-p", folder, "-e", folder + "/nginx.log", "-c", folder + "/nginx.conf"]
        try process.run()
        try until("nginx answers") {
            try #require(process.isRunning, "nginx ended: \(log(folder))")
            return try Binary.run(found[2], arguments("/healthz", [])).status == 0
        }
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
        let curl = try #require(Self.programs[2])
        let (status, output) = try Binary.run(curl, arguments(path, more))
        try #require(status == 0, "curl \(status): \(output.suffix(500))")
        // Behind the interim answer to Expect.
        let whole =
            output.hasPrefix("HTTP/1.1 100") ? output.split(separator: "\r\n\r\n", maxSplits: 1)[1] : output[...]
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
        (try? String(contentsOfFile: folder + "/nginx.log", encoding: .utf8)) ?? ""
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
