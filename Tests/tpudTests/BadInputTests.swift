import API
import Formats
import Foundation
import HTTPTypes
import OrderedCollections
import Testing
import Transfer

/// Requests that the real binary must refuse, each with a status and a problem document that names what is wrong.
@Suite(.serialized, .timeLimit(.minutes(10))) struct BadInputTests {
    private let daemon: DaemonProcess
    private let data: URL

    init() throws {
        data = FileManager.default.temporaryDirectory.appending(path: "tpud-data-\(UUID())")
        let files = FileManager.default
        try files.createDirectory(at: data, withIntermediateDirectories: true)
        let digits = URL(filePath: DaemonProcess.data).appending(path: "digits")
        for name in ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"] {
            try files.copyItem(at: digits.appending(path: name), to: data.appending(path: name))
        }
        let whole = try Data(contentsOf: digits.appending(path: "train-images-idx3-ubyte"))
        try whole.prefix(5_000).write(to: data.appending(path: "truncated-idx3-ubyte"))
        try Data("a,b,label\n1,2,0\n3,four,1\n".utf8).write(to: data.appending(path: "text.csv"))
        try files.createSymbolicLink(
            at: data.appending(path: "out.csv"), withDestinationURL: digits.appending(path: "../README.md"))
        daemon = try DaemonProcess(data: data.path)
    }

    private func refused(
        _ body: [UInt8], _ status: Int, target: String = "/v1/jobs", fields: [(String, String)] = []
    ) throws -> JSON {
        let reply = try daemon.send("POST", target, body: body, fields: fields)
        let text = String(decoding: reply.body, as: UTF8.self)
        #expect(reply.status == status, "\(text)")
        #expect(reply.field("content-type") == "application/problem+json")
        let problem = try JSON(parsing: reply.body)
        #expect(problem["status"]?.int == status)
        #expect(problem["request_id"]?.string?.isEmpty == false)
        for secret in [data.path, daemon.state.path, "/tmp"] { #expect(!text.contains(secret), "\(text)") }
        return problem
    }

    /// The problem of a specification with one fault: its pointer and its words.
    private func expectFault(_ spec: JSON, _ pointer: String, _ words: String, code: String? = nil) throws {
        let problem = try refused(spec.serialized(), 422)
        let errors = problem["errors"]?.array ?? []
        let fault = errors.first { $0["pointer"] == .string(pointer) }
        #expect(fault?["detail"]?.string?.contains(words) == true, "\(problem)")
        if let code { #expect(fault?["code"]?.string == code, "\(problem)") }
    }

    private func tiny(_ change: (inout JSON) -> Void) -> JSON {
        var spec = Jobs.tiny(shards: 8)
        change(&spec)
        return spec
    }

    private func source(_ source: JSON) -> JSON {
        var spec = Jobs.tiny(shards: 8)
        var train = spec["train"] ?? .null
        train["input"] = ["source": source]
        spec["train"] = train
        return spec
    }

    @Test func bytesThatAreNoSpecification() throws {
        #expect(try refused(Array("{\"a\":".utf8), 400)["detail"]?.string?.contains("line 1, column 6") == true)
        #expect(try refused(Array("{\"a\":01}".utf8), 400)["code"] == "MALFORMED_JSON")
        _ = try refused(Array("[]".utf8), 422)
        _ = try refused([0xFF, 0xFE], 400)
        _ = try refused(Array(String(repeating: "[", count: 300).utf8), 422)
        let form = try refused(Array("{}".utf8), 415, fields: [("Content-Type", "application/x-www-form-urlencoded")])
        #expect(form["detail"]?.string?.contains("curl --json") == true)
        _ = try refused(Array("{}".utf8), 400, target: "/v1/jobs?dry=true")
        _ = try refused(Array("{}".utf8), 400, target: "/v1/jobs?dry_run=maybe")
    }

    @Test func aBodyOverTheLimit() throws {
        var body = Array("{\"name\":\"".utf8)
        body += [UInt8](repeating: 97, count: 32 << 20)
        body += Array("\"}".utf8)
        let problem = try refused(body, 413)
        #expect(problem["detail"]?.string?.contains("33554432") == true, "\(problem)")
    }

    @Test func fieldsThatAreWrong() throws {
        try expectFault(
            tiny {
                $0["modle"] = $0["model"]
                $0["model"] = nil
            }, "/modle", "model")
        try expectFault(tiny { $0["train_batch_size"] = 12 }, "/train_batch_size", "12")
        try expectFault(tiny { $0["train_batch_size"] = 12 }, "/train_batch_size", "8")
        try expectFault(tiny { $0["params"] = ["batch_size": 1] }, "/params/batch_size", "reserved")
        try expectFault(
            tiny { $0["model"] = [["ConvLSTM2D": ["filters": 2, "kernel_size": 3]]] }, "/model/0/ConvLSTM2D",
            "ConvLSTM2D", code: "NOT_SUPPORTED")
        try expectFault(tiny { $0["webhooks"] = [["url": "ftp://a"]] }, "/webhooks/0/url", "https://")
        try expectFault(Jobs.tiny(shards: 16), "/tpu_config/num_shards", "16", code: "CANNOT_FIT")
        let labels = (0..<65).map { ("l\($0)", JSON("x")) }
        var many: JSON = [:]
        for (name, value) in labels { many[name] = value }
        try expectFault(tiny { $0["labels"] = many }, "/labels", "64")
        let long = String(repeating: "n", count: 201)
        try expectFault(tiny { $0["name"] = .string(long) }, "/name", "200")
    }

    @Test func everyFaultOfBothPartsComesAtOnce() throws {
        let spec = tiny {
            $0["nmae"] = "x"
            $0["priority"] = "high"
            $0["optimizer"] = ["SGD": ["learning_rat": 1]]
            $0["loss"] = "Nonsense"
        }
        let problem = try refused(spec.serialized(), 422)
        let pointers = problem["errors"]?.array?.compactMap { $0["pointer"]?.string } ?? []
        for part in ["/nmae", "/priority", "/optimizer", "/loss"] {
            #expect(pointers.contains { $0.hasPrefix(part) }, "\(part): \(problem)")
        }
        #expect(try daemon.json("/v1/jobs")["jobs"]?.array?.isEmpty == true)
    }

    @Test func filesThatAreWrong() throws {
        let base = "/train/input"
        let labels: JSON = "train-labels-idx1-ubyte"
        try expectFault(
            source(["idx": ["features": "nothing", "labels": labels]]), base + "/source/idx/features", "does not exist")
        try expectFault(
            source(["idx": ["features": "truncated-idx3-ubyte", "labels": labels]]), base + "/source/idx/features",
            "truncated-idx3-ubyte")
        for path in ["out.csv"] {
            try expectFault(
                source(["csv": ["path": .string(path), "label": "label"]]), base + "/source/csv/path",
                "out of the data roots")
        }
        for path in ["../secret", "/etc/passwd"] {
            try expectFault(
                source(["csv": ["path": .string(path), "label": "label"]]), base + "/source/csv/path",
                "outside of the data roots")
        }
        try expectFault(source(["csv": ["path": "text.csv", "label": "label"]]), base + "/source/csv/path", "row 2")
        try expectFault(source(["csv": ["path": "text.csv", "label": "label"]]), base + "/source/csv/path", "\"b\"")
    }

    /// A CSV is read through its first 10,000 rows at submit; what is wrong further on ends the job with the same words.
    @Test func aFileThatIsWrongFurtherOnEndsTheJob() throws {
        var text = "a,b,label\n"
        for row in 1...10_100 { text += row == 10_050 ? "1,two,0\n" : "1,2,\(row % 2)\n" }
        try Data(text.utf8).write(to: data.appending(path: "long.csv"))
        var spec = source(["csv": ["path": "long.csv", "label": "label"]])
        spec["train_batch_size"] = 512
        let id = try daemon.submit(spec)
        let job = try daemon.final(id)
        #expect(job["state"] == "FAILED" && job["state_reason"] == "USER_ERROR", "\(job)")
        let message = job["error"]?["message"]?.string ?? ""
        #expect(message.contains("row 10050") && message.contains("\"b\"") && message.contains("two"), "\(message)")
        #expect(!message.contains(data.path))
    }

    @Test func pathsOfTheApi() throws {
        for target in ["/v1/jobs/nothing", "/v1/jobs/01m89f6eqkm4arg2p4a993ybwh", "/v1/jobs/nothing/logs"] {
            let reply = try daemon.send("GET", target)
            #expect(reply.status == 404)
        }
        #expect(try daemon.send("GET", "/v1/jobs?limit=0").status == 400)
        #expect(try daemon.send("GET", "/v1/jobs?stat=QUEUED").status == 400)
        #expect(try daemon.send("DELETE", "/v1/jobs").field("allow")?.contains("POST") == true)
    }

    @Test func everyRouteIsThere() throws {
        for endpoint in Endpoint.all {
            let parameters = Dictionary(uniqueKeysWithValues: endpoint.pathParameters.map { ($0, "1") })
            let body = endpoint.method == .get ? nil : Array("{}".utf8)
            let reply = try daemon.send(endpoint.method.rawValue, endpoint.path(parameters), body: body)
            #expect(reply.status < 500, "\(endpoint.method) \(endpoint.path): \(reply.status)")
        }
    }

    @Test func theDocumentShowsWhatIsThere() throws {
        let document = try daemon.json("/openapi.json")
        #expect(document["openapi"] == "3.1.0")
        let paths = document["paths"]?.object ?? [:]
        for endpoint in Endpoint.all {
            #expect(paths[endpoint.path]?[endpoint.method.rawValue.lowercased()] != nil, "\(endpoint.path)")
        }
        #expect(try daemon.json("/version")["name"] == "tpud")
        #expect(try daemon.send("GET", "/healthz").body == Array("ok\n".utf8))
        #expect(try daemon.send("GET", "/readyz").status == 200)
        let figures = String(decoding: try daemon.send("GET", "/metrics").body, as: UTF8.self)
        #expect(figures.contains("tpud_jobs{state=\"QUEUED\"} 0\n"))
        #expect(figures.contains("tpud_http_requests_total{method=\"GET\",route=\"/version\",status=\"200\"} 1\n"))
    }

    @Test func aLossThatIsNotANumberEndsTheJob() throws {
        var spec = Jobs.tiny(steps: 400)
        spec["optimizer"] = ["SGD": ["learning_rate": 1e30]]
        spec["loss"] = "MeanSquaredError"
        spec["run_config"] = ["save_checkpoints_steps": 1]
        spec["tpu_config"] = ["num_shards": 1, "iterations_per_loop": 1]
        var train = spec["train"] ?? .null
        train["input"] = [
            "source": [
                "synthetic": [
                    "features": ["shape": [4], "dtype": "float32"], "labels": ["shape": [2], "dtype": "float32"],
                    "examples": 64, "seed": 1,
                ]
            ]
        ]
        spec["train"] = train
        let reply = try daemon.send("POST", "/v1/jobs", body: spec.serialized())
        try #require(reply.status == 201, "\(String(decoding: reply.body, as: UTF8.self))")
        let id = try #require(try JSON(parsing: reply.body)["id"]?.string)
        let job = try daemon.final(id)
        #expect(job["state"] == "FAILED" && job["state_reason"] == "NAN_LOSS", "\(job)")
        let step = try #require(job["error"]?["step"]?.int, "\(job)")
        #expect(step > 1 && job["latest_checkpoint"]?["step"]?.int == step - 1, "\(job)")
        let attempts = try daemon.json("/v1/jobs/\(id)/attempts")["attempts"]?.array
        #expect(attempts?.count == 1 && attempts?[0]["outcome"] == "NAN_LOSS")
    }
}
