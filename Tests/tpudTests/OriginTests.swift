import Formats
import Foundation
import HTTPTypes
import Testing
import Transfer

/// Who may ask the real binary.
@Suite(.serialized, .timeLimit(.minutes(10))) struct OriginTests {
    private func problem(_ reply: Reply) throws -> (Int, String?) {
        (reply.status, try JSON(parsing: reply.body)["code"]?.string)
    }

    @Test func onlyKnownHostsAreAnswered() throws {
        let daemon = try DaemonProcess(["--allowed-host", "tpud.example", "--allowed-host", "other.example"])
        for host in [
            "localhost", "LOCALHOST.:1", "127.0.0.1", "127.9.8.7:80", "[::1]:5", "tpud.example", "Other.Example:99",
        ] {
            #expect(try daemon.send("GET", "/healthz", fields: [("Host", host)]).status == 200, "\(host)")
        }
        for host in [
            "evil.example", "tpud.example.evil", "10.0.0.1", "127.0.0.1.evil.example", "[::2]", "localhost.evil",
        ] {
            let reply = try daemon.send("GET", "/healthz", fields: [("Host", host)])
            #expect(try problem(reply) == (421, "MISDIRECTED_REQUEST"), "\(host)")
            #expect(String(decoding: reply.body, as: UTF8.self).contains("allowed_hosts"))
        }
    }

    @Test func aPageOfAnotherOriginChangesNothing() throws {
        let daemon = try DaemonProcess(["--workers", "0", "--allowed-host", "tpud.example"])
        let id = try daemon.submit(Jobs.tiny())
        let cancel = "/v1/jobs/\(id)/cancel"
        for field in [
            ("Origin", "https://evil.example"), ("Origin", "null"), ("Origin", "http://localhost:1"),
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"),
        ] {
            #expect(try problem(daemon.send("POST", cancel, fields: [field])) == (403, "FOREIGN_ORIGIN"), "\(field)")
            #expect(try daemon.send("GET", "/v1/jobs/\(id)", fields: [field]).status == 200)
        }
        // A form's body is refused whatever its origin; so is what a later version may know.
        let form = [("Content-Type", "text/plain")]
        #expect(try daemon.send("POST", cancel, body: Array("a=b".utf8), fields: form).status == 415)
        #expect(try daemon.send("POST", cancel, body: Array("{\"force\":true}".utf8)).status == 422)
        #expect(try daemon.send("POST", cancel, body: Array("{".utf8)).status == 400)
        #expect(try daemon.json("/v1/jobs/\(id)")["state"] == "QUEUED")
        let own = [("Origin", "https://tpud.example"), ("Sec-Fetch-Site", "same-origin")]
        #expect(try daemon.send("POST", cancel, body: Array("{}".utf8), fields: own).status == 202)
    }

    @Test func listeningBeyondLoopbackIsAskedForInWords() throws {
        let refused = try Binary.run(Binary.tpud, ["check-config", "--listen", "0.0.0.0:0"])
        #expect(refused.status != 0)
        #expect(refused.output.contains("allow_remote"))
        let state = try DaemonProcess.StateFolder()
        let served = try Binary.run(Binary.tpud, ["serve", "--listen", "0.0.0.0:0", "--state-dir", state.path])
        #expect(served.status != 0)
        #expect(served.output.contains("allow_remote"))
        let remote = ["check-config", "--listen", "0.0.0.0:0", "--allow-remote", "true"]
        let open = try Binary.run(Binary.tpud, remote)
        #expect(open.status != 0)
        #expect(open.output.contains("tpud token add"))
        let tokens = state.path + "/tokens"
        let added = try Binary.run(Binary.tpud, ["token", "add", "--role", "admin", "--name", "me", "--file", tokens])
        #expect(added.status == 0, "\(added.output)")
        let good = try Binary.run(Binary.tpud, remote + ["--tokens", tokens])
        #expect(good.status == 0, "\(good.output)")
    }

    @Test func edgesOfQueriesAndFieldsAreExact() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let id = try daemon.submit(Jobs.tiny())
        let labels = (0..<1_200).map { "label=a\($0)=b" }.joined(separator: "&")
        let many = try daemon.send("GET", "/v1/jobs?\(labels)")
        #expect(many.status == 400)
        #expect(String(decoding: many.body, as: UTF8.self).contains("64"))
        for query in ["limit=+10", "limit=010", "limit=%2010", "limit=9007199254740992"] {
            let reply = try daemon.send("GET", "/v1/jobs?\(query)")
            #expect(reply.status == 400, "\(query)")
            #expect(String(decoding: reply.body, as: UTF8.self).contains("9007199254740991"))
        }
        for step in ["+10", "010", "%2010", "-0"] {
            #expect(try daemon.send("GET", "/v1/jobs/\(id)/checkpoints/\(step)/model.safetensors").status == 404)
        }
        let events = "/v1/jobs/\(id)/events"
        for (accept, status) in [
            ("application/json;q=0", 406), ("*/*;q=0", 406), ("text/plain", 406),
            ("text/event-stream;q=0.1, application/json", 200), ("*/*", 200), ("application/*", 200),
        ] {
            #expect(try daemon.send("GET", events, fields: [("Accept", accept)]).status == status, "\(accept)")
        }
        #expect(try daemon.send("GET", "/v1/jobs/\(id)", fields: [("If-None-Match", "\"9\", W/\"1\"")]).status == 304)
        #expect(try daemon.send("GET", "/v1/jobs/\(id)", fields: [("If-None-Match", "\"9,1\"")]).status == 200)
    }
}
