import API
import Formats
import Foundation
import Jobs
import Testing
import Transfer

/// Tokens of the real binary: who may do what, and until when.
@Suite(.timeLimit(.minutes(10))) struct TokensTests {
    private let state: DaemonProcess.StateFolder
    private let file: String

    init() throws {
        state = try DaemonProcess.StateFolder()
        file = state.path + "/tokens"
    }

    /// Makes a token as an operator does.
    private func add(_ role: Role, _ name: String) throws -> String {
        let script = "exec \"$0\" token add --role \(role.rawValue) --name \(name) --file \"$1\" 2> /dev/null"
        let (status, output) = try Binary.run("/bin/sh", ["-c", script, Binary.tpud, file])
        try #require(status == 0)
        let token = output.trimmingCharacters(in: .newlines)
        try #require(token.hasPrefix("tpud_") && token.utf8.count == 78)
        return token
    }

    private func revoke(_ token: String) throws {
        let id = String(token.split(separator: "_")[1])
        let (status, output) = try Binary.run(Binary.tpud, ["token", "revoke", id, "--file", file])
        try #require(status == 0 && output.contains("is revoked"), "\(output)")
    }

    private func daemon(_ arguments: [String] = []) throws -> DaemonProcess {
        try DaemonProcess(["--tokens", file] + arguments)
    }

    private func bearing(_ token: String) -> [(String, String)] { [("Authorization", "Bearer \(token)")] }

    /// Status and code of an answer.
    private func problem(_ reply: Reply) -> (Int, String?) {
        (reply.status, (try? JSON(parsing: reply.body))?["code"]?.string)
    }

    private func submit(_ daemon: DaemonProcess, _ token: String, key: String? = nil) throws -> Reply {
        try daemon.send(
            "POST", "/v1/jobs", body: Jobs.tiny().serialized(),
            fields: bearing(token) + (key.map { [("Idempotency-Key", $0)] } ?? []))
    }

    @Test func everyRoleDoesWhatItMayAndNoMore() throws {
        let (viewer, alice, bob) = (try add(.viewer, "eve"), try add(.submitter, "alice"), try add(.submitter, "bob"))
        let operators = try add(.operator, "olga")
        let daemon = try daemon(["--workers", "0"])
        let taken = try submit(daemon, alice)
        #expect(taken.status == 201)
        let job = try JSON(parsing: taken.body)
        let id = try #require(job["id"]?.string)
        #expect(job["owner"] == "alice")

        // Without a token nothing is told but that the daemon lives.
        for (method, target) in [
            ("GET", "/v1/jobs"), ("GET", "/v1/jobs/\(id)"), ("GET", "/metrics"), ("GET", "/openapi.json"),
            ("HEAD", "/version"), ("POST", "/v1/jobs"), ("POST", "/v1/jobs/\(id)/cancel"), ("DELETE", "/v1/jobs/\(id)"),
        ] {
            let reply = try daemon.send(method, target)
            #expect(reply.status == 401, "\(method) \(target)")
            #expect(reply.field("www-authenticate") == "Bearer realm=\"tpud\"")
        }
        for target in ["/healthz", "/readyz?x=1", "/"] {
            #expect(try daemon.send("GET", target).status == 200, "\(target)")
        }
        #expect(try daemon.send("GET", "/nothing").status == 404)

        #expect(try daemon.send("GET", "/v1/jobs/\(id)", fields: bearing(viewer)).status == 200)
        #expect(problem(try submit(daemon, viewer)) == (403, "FORBIDDEN"))
        let change = Array("{\"priority\":1}".utf8)
        for token in [viewer, bob] {
            let code = token == viewer ? "FORBIDDEN" : "NOT_OWNER"
            for verb in ["cancel", "kill", "pause", "resume", "checkpoint"] {
                let reply = try daemon.send("POST", "/v1/jobs/\(id)/\(verb)", fields: bearing(token))
                #expect(problem(reply) == (403, code), "\(verb)")
            }
            let patch = try daemon.send("PATCH", "/v1/jobs/\(id)", body: change, fields: bearing(token))
            #expect(problem(patch) == (403, code))
            #expect(problem(try daemon.send("DELETE", "/v1/jobs/\(id)", fields: bearing(token))) == (403, code))
        }
        let told = try daemon.send("POST", "/v1/jobs/\(id)/cancel", fields: bearing(bob))
        #expect(String(decoding: told.body, as: UTF8.self).contains("belongs to alice, and bob is a submitter"))
        // A condition of the request tells nothing of another's job either.
        let matched = bearing(bob) + [("If-Match", "\"99\"")]
        #expect(problem(try daemon.send("POST", "/v1/jobs/\(id)/cancel", fields: matched)) == (403, "NOT_OWNER"))
        #expect(problem(try daemon.send("POST", "/v1/jobs/0/cancel", fields: bearing(bob))) == (404, "NO_SUCH_JOB"))

        for token in [viewer, alice] {
            let reply = try daemon.send("POST", "/v1/hosts/0/drain", fields: bearing(token))
            #expect(problem(reply) == (403, "FORBIDDEN"))
        }
        #expect(try daemon.send("POST", "/v1/hosts/0/drain", fields: bearing(operators)).status == 202)
        #expect(try daemon.send("PATCH", "/v1/jobs/\(id)", body: change, fields: bearing(alice)).status == 200)
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/pause", fields: bearing(operators)).status == 202)
        #expect(try daemon.send("POST", "/v1/jobs/\(id)/cancel", fields: bearing(alice)).status == 202)
        #expect(try daemon.send("DELETE", "/v1/jobs/\(id)", fields: bearing(alice)).status == 204)
        #expect(daemon.terminate() == 0)
        try expectNoSecret([viewer, alice, bob, operators], of: daemon)
    }

    /// Nothing that stays has a secret: the log, the file of tokens, the state folder.
    private func expectNoSecret(_ tokens: [String], of daemon: DaemonProcess) throws {
        let database = try Data(contentsOf: URL(filePath: daemon.state.path + "/tpud.sqlite"))
        let hashes = try Data(contentsOf: URL(filePath: file))
        for token in tokens {
            let secret = Data(token.suffix(64).utf8)
            #expect(hashes.range(of: secret) == nil && database.range(of: secret) == nil)
            #expect(!daemon.log.contains { $0.contains(token.suffix(64)) })
        }
    }

    @Test func keysBelongToWhoSendsThem() throws {
        let (alice, bob) = (try add(.submitter, "alice"), try add(.submitter, "bob"))
        let daemon = try daemon(["--workers", "0"])
        let first = try submit(daemon, alice, key: "k")
        let second = try submit(daemon, bob, key: "k")
        let again = try submit(daemon, alice, key: "k")
        #expect(first.status == 201 && second.status == 201 && again.status == 201)
        #expect(second.field("idempotency-replayed") == nil && again.field("idempotency-replayed") == "true")
        #expect(first.body == again.body && first.body != second.body)
        let owned = try daemon.send("GET", "/v1/jobs?owner=bob", fields: bearing(alice))
        #expect(try JSON(parsing: owned.body)["jobs"]?.array?.map { $0["owner"] } == ["bob"])
    }

    @Test func whatOneNameMayAskHasItsLimits() throws {
        let (alice, bob) = (try add(.submitter, "alice"), try add(.submitter, "bob"))
        let daemon = try daemon(["--workers", "0", "--owner-queue-limit", "1", "--requests-per-second", "1"])
        #expect(try submit(daemon, alice).status == 201)
        let second = try submit(daemon, alice)
        #expect(problem(second) == (429, "QUEUE_FULL") && second.field("retry-after") != nil)
        #expect(String(decoding: second.body, as: UTF8.self).contains("owner_queue_limit"))
        var limited: Reply?
        for _ in 0..<100 {
            let reply = try daemon.send("GET", "/v1/queue", fields: bearing(alice))
            if reply.status != 200 {
                limited = reply
                break
            }
        }
        let reply = try #require(limited)
        #expect(problem(reply) == (429, "RATE_LIMITED") && reply.field("retry-after") == "1")
        // Nobody else is held up by that.
        #expect(try submit(daemon, bob).status == 201)
        #expect(try daemon.send("GET", "/healthz").status == 200)
    }

    @Test func aTokenThatIsRevokedIsRefusedWithoutARestart() throws {
        let (viewer, other) = (try add(.viewer, "eve"), try add(.viewer, "eve"))
        let daemon = try daemon(["--workers", "0"])
        let ended = DispatchSemaphore(value: 0)
        let client = daemon.client
        Thread.detachNewThread {
            let fields = [
                (name: "Authorization", value: "Bearer \(viewer)"), (name: "Accept", value: "text/event-stream"),
            ]
            _ = try? client.stream(TransferRequest("GET", "/v1/events", fields: fields)) { _ in }
            ended.signal()
        }
        try until("the stream is open") {
            let figures = try daemon.send("GET", "/metrics", fields: bearing(other)).body
            return String(decoding: figures, as: UTF8.self).contains("\ntpud_waiting_requests 1\n")
        }
        #expect(try daemon.send("GET", "/v1/jobs", fields: bearing(viewer)).status == 200)
        try revoke(viewer)
        try until("the token is refused") {
            try problem(daemon.send("GET", "/v1/jobs", fields: bearing(viewer))) == (401, "UNAUTHENTICATED")
        }
        // What was open for it ends, too.
        #expect(ended.wait(timeout: .now() + 30) == .success)
        #expect(try daemon.send("GET", "/v1/jobs", fields: bearing(other)).status == 200)
        let line = try daemon.waitForLine("the tokens were read again: 1 hold, no longer")
        #expect(line.contains(viewer.split(separator: "_")[1]))
        let added = try add(.submitter, "new")
        try until("a new token is taken") {
            try daemon.send("GET", "/v1/jobs", fields: bearing(added)).status == 200
        }
        // A file that can't be used changes nothing, and the log tells its line.
        try Data("nonsense\n".utf8).write(to: URL(filePath: file))
        try daemon.waitForLine("the tokens stay as they were: \(file):1: expected id")
        #expect(try daemon.send("GET", "/v1/jobs", fields: bearing(added)).status == 200)
        try expectNoSecret([viewer, other, added], of: daemon)
    }

    @Test func theDaemonsOwnUserNeedsNoneOverTheSocket() throws {
        let viewer = try add(.viewer, "eve")
        let socket = state.path + "/s"
        let daemon = try daemon(["--workers", "0", "--socket", socket])
        let client = try TransferClient(address: "unix:\(socket)")
        let json = [(name: "Content-Type", value: "application/json")]
        let taken = try client.send(TransferRequest("POST", "/v1/jobs", fields: json, body: Jobs.tiny().serialized()))
        #expect(taken.status == 201)
        #expect(try JSON(parsing: taken.body)["owner"]?.string == "uid:\(geteuid())")
        let bearing = [(name: "Authorization", value: "Bearer \(viewer)")]
        #expect(try client.send(TransferRequest("GET", "/v1/jobs", fields: bearing)).status == 200)
        let refused = try client.send(
            TransferRequest("POST", "/v1/jobs", fields: json + bearing, body: Jobs.tiny().serialized()))
        #expect(problem(refused) == (403, "FORBIDDEN"))
        _ = daemon
    }

    @Test func theCommandsSayWhatTheyDid() throws {
        func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
            try Binary.run(Binary.tpud, ["token"] + arguments + ["--file", file])
        }
        let missing = try run(["list"])
        #expect(missing.status == 1 && missing.output.contains("does not exist"), "\(missing.output)")
        #expect(try run(["add", "--role", "root", "--name", "a"]).status == 64)
        #expect(try run(["add", "--role", "viewer", "--name", "a b"]).output.contains("the name of a token: expected"))
        #expect(!FileManager.default.fileExists(atPath: file))
        let token = try add(.operator, "olga")
        let id = String(token.split(separator: "_")[1])
        let list = try run(["list"])
        #expect(list.status == 0 && list.output.hasPrefix("\(id)\toperator\tolga\t"), "\(list.output)")
        let wrong = try run(["revoke", token])
        #expect(wrong.status == 1 && !wrong.output.contains(token) && wrong.output.contains("never a token"))
        let served = try Binary.run(
            Binary.tpud, ["serve", "--state-dir", state.path + "/s", "--listen", "127.0.0.1:0", "--tokens", "/nowhere"])
        #expect(served.status == 1 && served.output.contains("tpud token add --role admin"), "\(served.output)")
        let checked = try Binary.run(Binary.tpud, ["check-config", "--tokens", "/nowhere"])
        #expect(checked.status == 64 && checked.output.contains("tokens: the file of tokens /nowhere does not exist"))
        let unnamed = try Binary.run(Binary.tpud, ["token", "list", "--config", "/dev/null"])
        #expect(unnamed.status == 64, "\(unnamed.output)")
        let config = state.path + "/tpud.yaml"
        try "tokens: \(file)\n".write(toFile: config, atomically: true, encoding: .utf8)
        #expect(try Binary.run(Binary.tpud, ["token", "list", "--config", config]).output == list.output)
        try revoke(token)
        #expect(try run(["list"]).output.isEmpty)
    }

    @Test func theClientBearsATokenThatNobodySees() throws {
        let (alice, bob) = (try add(.submitter, "alice"), try add(.submitter, "bob"))
        let daemon = try daemon(["--workers", "0"])
        let url = ["--url", "http://127.0.0.1:\(daemon.port)"]
        let id = try #require(try JSON(parsing: submit(daemon, alice).body)["id"]?.string)
        let without = try Binary.run(Binary.tpuctl, ["list"] + url, environment: ["TPUD_TOKEN": ""])
        #expect(without.status == 4 && without.output.contains("Unauthorized (401)"), "\(without.output)")
        #expect(without.output.contains("TPUD_TOKEN, or in the file of --token-file"), "\(without.output)")
        let variable = ["TPUD_TOKEN": alice]
        let shown = try Binary.run(Binary.tpuctl, ["get", id] + url, environment: variable)
        #expect(shown.status == 0 && shown.output.contains("owner      alice"), "\(shown.output)")
        for (owner, count) in [("alice", 2), ("bob", 1)] {
            let list = try Binary.run(Binary.tpuctl, ["list", "--owner", owner] + url, environment: variable)
            #expect(list.output.split(separator: "\n").count == count, "\(list.output)")
        }
        let secret = state.path + "/bob"
        try "\(bob)\n".write(toFile: secret, atomically: true, encoding: .utf8)
        // The file goes before the variable.
        let others = try Binary.run(
            Binary.tpuctl, ["cancel", id, "--token-file", secret] + url, environment: variable)
        #expect(others.status == 4 && others.output.contains("belongs to alice"), "\(others.output)")
        try "\(bob)\n\(bob)\n".write(toFile: secret, atomically: true, encoding: .utf8)
        let two = try Binary.run(Binary.tpuctl, ["list", "--token-file", secret] + url)
        #expect(two.status == 2 && two.output.contains("one token on one line") && !two.output.contains(bob))
        let field = try Binary.run(Binary.tpuctl, ["list"] + url, environment: ["TPUD_TOKEN": "a\r\nX: b"])
        #expect(field.status == 2 && field.output.contains("TPUD_TOKEN"), "\(field.output)")
        #expect(try Binary.run(Binary.tpuctl, ["list", "--token-file", "/nowhere"] + url).status == 2)
        #expect(try Binary.run(Binary.tpuctl, ["cancel", id] + url, environment: variable).status == 0)
    }
}
