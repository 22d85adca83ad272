import Formats
import Foundation
import Glibc
import Jobs
import TestSupport
import Testing
import Transfer

/// nginx with TLS in front of the real binary, by the lines that docs/operating.md has for it.
@Suite(
    .enabled(if: ReverseProxy.isInstalled, "nginx, openssl or curl is not installed"), .timeLimit(.minutes(10))
)
struct ProxyTests {
    private let state: DaemonProcess.StateFolder
    private let daemon: DaemonProcess
    private let proxy: ReverseProxy
    private let token: String

    init() throws {
        state = try DaemonProcess.StateFolder()
        let file = state.path + "/tokens"
        let script = "exec \"$0\" token add --role submitter --name alice --file \"$1\" 2> /dev/null"
        token = try Binary.run("/bin/sh", ["-c", script, Binary.tpud, file]).output
            .trimmingCharacters(in: .newlines)
        daemon = try DaemonProcess(["--tokens", file, "--allowed-host", ReverseProxy.name])
        proxy = try ReverseProxy(of: daemon.port, folder: state.path)
    }

    /// A request with the token.
    private func send(
        _ path: String, _ arguments: [String] = []
    ) throws -> (status: Int, fields: String, body: String) {
        try proxy.send(path, ["-H", "Authorization: Bearer \(token)"] + arguments)
    }

    @Test func aTokenIsHandedOn() throws {
        let without = try proxy.send("/v1/jobs")
        #expect(without.status == 401 && without.fields.lowercased().contains("www-authenticate: bearer"))
        #expect(try send("/v1/jobs").status == 200)
        // A probe needs none.
        #expect(try proxy.send("/healthz").status == 200)
    }

    @Test func anEventStreamReachesItsEnd() throws {
        let body = ["--json", Jobs.tiny().text]
        let submitted = try send("/v1/jobs", body + ["-H", "Origin: https://\(ReverseProxy.name):\(proxy.port)"])
        try #require(submitted.status == 201, "\(submitted)")
        let id = try #require(try JSON(parsing: Array(submitted.body.utf8))["id"]?.string)
        let stream = try send("/v1/jobs/\(id)/events", ["-N", "-H", "Accept: text/event-stream"])
        #expect(stream.status == 200 && stream.fields.lowercased().contains("content-type: text/event-stream"))
        let told = stream.body.matches(of: /(?m)^event: (.*)$/).map { String($0.1) }
        #expect(told.last == "end" && told.count > 3, "\(stream.body)")
        #expect(stream.body.contains("SUCCEEDED"))
    }

    /// What happens arrives while it happens: the proxy keeps nothing back until a buffer is full.
    @Test func anEventIsHandedOnAtOnce() throws {
        var spec = Jobs.tiny()
        spec["train"]?["max_steps"] = 1_000_000_000
        let submitted = try send("/v1/jobs", ["--json", spec.text])
        let id = try #require(try JSON(parsing: Array(submitted.body.utf8))["id"]?.string, "\(submitted)")
        // The stream of a job that goes on is cut by the client, which has heard of its start by then.
        let script = """
            curl -sN --cacert "$1" --resolve "$2" -H "Authorization: Bearer $3" -H 'Accept: text/event-stream' "$4" \
            | grep -m 1 RUNNING
            """
        let (status, output) = try Binary.run(
            "/bin/sh",
            ["-c", script, "sh", proxy.certificate, proxy.resolution, token, proxy.url + "/v1/jobs/\(id)/events"])
        #expect(status == 0 && output.contains("RUNNING"), "\(output)")
        #expect(try send("/v1/jobs/\(id)/kill", ["-X", "POST"]).status == 202)
    }

    @Test func thePageIsServed() throws {
        let index = try proxy.send("/", ["--compressed"])
        #expect(index.status == 200 && index.fields.lowercased().contains("content-type: text/html"))
        let paths = Set(index.body.matches(of: /"(\/page\/[^"]*)"/).map { String($0.1) })
        #expect(paths.count > 20)
        for path in paths {
            let file = try proxy.send(path, ["--compressed"])
            #expect(file.status == 200 && !file.body.isEmpty, "\(path)")
            #expect(file.fields.lowercased().contains("content-security-policy: default-src 'none'"), "\(path)")
        }
    }

    @Test func foreignOriginsAndHostsAreRefused() throws {
        for field in ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"] {
            let reply = try send("/v1/jobs", ["--json", Jobs.tiny().text, "-H", field])
            #expect(reply.status == 403 && reply.body.contains("FOREIGN_ORIGIN"), "\(reply)")
        }
        let host = try send("/v1/jobs", ["-H", "Host: evil.example"])
        #expect(host.status == 421 && host.body.contains("MISDIRECTED_REQUEST"), "\(host)")
        #expect(try JSON(parsing: Array(send("/v1/jobs").body.utf8))["jobs"]?.array?.isEmpty == true)
    }

    /// More than nginx lets through by itself.
    @Test func aLargeSpecificationIsHandedOn() throws {
        var spec = Jobs.tiny()
        spec["params"] = ["padding": .string(String(repeating: "x", count: 3 << 20))]
        let file = state.path + "/large.json"
        try Data(spec.serialized()).write(to: URL(filePath: file))
        let reply = try send("/v1/jobs?dry_run=true", ["--json", "@" + file])
        #expect(reply.status == 200, "\(reply.status) \(reply.body.prefix(500))")
    }
}
