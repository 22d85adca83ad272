import Formats
import Foundation
import Glibc
import Jobs
import TestSupport
import Testing
import Transfer

/// nginx and Caddy with TLS in front of the real binary, by the lines that docs/operating.md has for them.
@Suite(.timeLimit(.minutes(10))) struct ProxyTests {
    @Test(arguments: ReverseProxy.Program.allCases) func aTokenIsHandedOn(program: ReverseProxy.Program) throws {
        let site = try ProxiedDaemon(program)
        let without = try site.proxy.send("/v1/jobs")
        #expect(without.status == 401 && without.fields.lowercased().contains("www-authenticate: bearer"))
        #expect(try site.send("/v1/jobs").status == 200)
        // A probe needs none.
        #expect(try site.proxy.send("/healthz").status == 200)
    }

    @Test(arguments: ReverseProxy.Program.allCases) func anEventStreamReachesItsEnd(program: ReverseProxy.Program)
        throws
    {
        let site = try ProxiedDaemon(program)
        let body = ["--json", Jobs.tiny().text]
        let submitted = try site.send(
            "/v1/jobs", body + ["-H", "Origin: https://\(ReverseProxy.name):\(site.proxy.port)"])
        try #require(submitted.status == 201, "\(submitted)")
        let id = try #require(try JSON(parsing: Array(submitted.body.utf8))["id"]?.string)
        let stream = try site.send("/v1/jobs/\(id)/events", ["-N", "-H", "Accept: text/event-stream"])
        #expect(stream.status == 200 && stream.fields.lowercased().contains("content-type: text/event-stream"))
        let told = stream.body.matches(of: /(?m)^event: (.*)$/).map { String($0.1) }
        #expect(told.last == "end" && told.count > 3, "\(stream.body)")
        #expect(stream.body.contains("SUCCEEDED"))
    }

    /// What happens arrives while it happens: the proxy keeps nothing back until a buffer is full.
    @Test(arguments: ReverseProxy.Program.allCases) func anEventIsHandedOnAtOnce(program: ReverseProxy.Program) throws {
        let site = try ProxiedDaemon(program)
        var spec = Jobs.tiny()
        spec["train"]?["max_steps"] = 1_000_000_000
        let submitted = try site.send("/v1/jobs", ["--json", spec.text])
        let id = try #require(try JSON(parsing: Array(submitted.body.utf8))["id"]?.string, "\(submitted)")
        // The stream of a job that goes on is cut by the client, which has heard of its start by then.
        let script = """
            curl -sN --cacert "$1" --resolve "$2" -H "Authorization: Bearer $3" -H 'Accept: text/event-stream' "$4" \
            | grep -m 1 RUNNING
            """
        let (status, output) = try Binary.run(
            "/bin/sh",
            [
                "-c", script, "sh", site.proxy.certificate, site.proxy.resolution, site.token,
                site.proxy.url + "/v1/jobs/\(id)/events",
            ])
        #expect(status == 0 && output.contains("RUNNING"), "\(output)")
        #expect(try site.send("/v1/jobs/\(id)/kill", ["-X", "POST"]).status == 202)
    }

    @Test(arguments: ReverseProxy.Program.allCases) func thePageIsServed(program: ReverseProxy.Program) throws {
        let site = try ProxiedDaemon(program)
        let index = try site.proxy.send("/", ["--compressed"])
        #expect(index.status == 200 && index.fields.lowercased().contains("content-type: text/html"))
        let paths = Set(index.body.matches(of: /"(\/page\/[^"]*)"/).map { String($0.1) })
        #expect(paths.count > 20)
        for path in paths {
            let file = try site.proxy.send(path, ["--compressed"])
            #expect(file.status == 200 && !file.body.isEmpty, "\(path)")
            #expect(file.fields.lowercased().contains("content-security-policy: default-src 'none'"), "\(path)")
        }
    }

    @Test(arguments: ReverseProxy.Program.allCases) func foreignOriginsAndHostsAreRefused(program: ReverseProxy.Program)
        throws
    {
        let site = try ProxiedDaemon(program)
        for field in ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"] {
            let reply = try site.send("/v1/jobs", ["--json", Jobs.tiny().text, "-H", field])
            #expect(reply.status == 403 && reply.body.contains("FOREIGN_ORIGIN"), "\(reply)")
        }
        let host = try site.send("/v1/jobs", ["-H", "Host: evil.example"])
        switch program {
        case .nginx: #expect(host.status == 421 && host.body.contains("MISDIRECTED_REQUEST"), "\(host)")
        // It has no site of that name, and says nothing.
        case .caddy: #expect(host.status == 200 && host.body.isEmpty, "\(host)")
        }
        #expect(try JSON(parsing: Array(site.send("/v1/jobs").body.utf8))["jobs"]?.array?.isEmpty == true)
    }

    /// More than nginx lets through unless it is told.
    @Test(arguments: ReverseProxy.Program.allCases) func aLargeSpecificationIsHandedOn(program: ReverseProxy.Program)
        throws
    {
        let site = try ProxiedDaemon(program)
        var spec = Jobs.tiny()
        spec["params"] = ["padding": .string(String(repeating: "x", count: 3 << 20))]
        let file = site.state.path + "/large.json"
        try Data(spec.serialized()).write(to: URL(filePath: file))
        let reply = try site.send("/v1/jobs?dry_run=true", ["--json", "@" + file])
        #expect(reply.status == 200, "\(reply.status) \(reply.body.prefix(500))")
    }
}
