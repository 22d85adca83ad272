import Foundation
import Glibc
import HTTP
import HTTPTypes
import Reactor
import Testing

/// Runs the HTTP corpus of the protocol layer against a server in this process. Cases of level `must` have to pass, and
/// so do the others: what is left out stands in `outOfScope` with its reason.
@Suite(.timeLimit(.minutes(3)), .serialized) struct HTTPConformanceTests {
    private static let outOfScope: [String: String] = [
        "co-etag": "the small app sends no ETag", "co-etag-304-next": "the small app sends no ETag",
        "co-lm": "the small app sends no Last-Modified",
    ]
    private static let job = #"{"name":"http-corpus"}"#

    private static var folder: URL {
        if let folder = ProcessInfo.processInfo.environment["TPUD_CONFORMANCE_DIR"] {
            return URL(fileURLWithPath: folder).appendingPathComponent("http")
        }
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/conformance/http")
    }

    private static func trimmed(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private let routes = [
        Route(.get, "/healthz", .immediate { _ in .text("ok\n") }),
        Route(.get, "/metrics", .immediate { _ in .text("up 1\n") }),
        Route(.get, "/v1/jobs", .immediate { _ in .json(Array(#"{"jobs":[]}"#.utf8)) }),
        Route(
            .post, "/v1/jobs", body: .required(types: ["application/json"]),
            .immediate { request in
                guard trimmed(request.body) == job else { return .text("no job\n", status: .unprocessableContent) }
                return .json(request.body, status: .created)
            }),
        Route(.get, "/v1/jobs/{id}", .immediate { _ in .text("no such job\n", status: .notFound) }),
        Route(
            .get, "/events",
            .async { _ in
                Response(
                    .ok, fields: [.contentType: "text/event-stream"],
                    body: .stream(length: nil) { writer in
                        while true {
                            try await writer.write(Array(": tick\n\n".utf8))
                            try await Task.sleep(for: .seconds(1))
                        }
                    })
            }),
    ]

    private struct Verdict: Decodable {
        let verdict: String
        let why: String?
        let got: String?
        let level: String
    }

    /// The program's verdicts on the cases of these levels. Cases that wait for deadlines or open thousands of connections
    /// run where TPUD_CONFORMANCE_SLOW is set.
    private func run(levels: [String]) async throws -> [String: Verdict] {
        let isSlow = ProcessInfo.processInfo.environment["TPUD_CONFORMANCE_SLOW"] != nil
        let results = FileManager.default.temporaryDirectory.appendingPathComponent(
            "http-corpus-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: results) }
        var verdicts: [String: Verdict] = [:]
        try await withServer(routes, clock: SystemClock()) { test in
            guard case .tcp(_, let port) = test.addresses[0] else { return }
            let arguments =
                [
                    "python3", Self.folder.appendingPathComponent("http_corpus.py").path, "--port", "\(port)", "--job",
                    Self.job, "--layer", "protocol", "--events", "/events", "--metrics", "/metrics", "--json",
                    results.path,
                ] + levels.flatMap { ["--level", $0] } + (isSlow ? [] : ["--fast"])
            let exit = await Self.exit(of: "/usr/bin/env", arguments)
            try #require(exit == .exited(0) || exit == .exited(1), "the corpus could not be run: \(exit)")
            verdicts = try JSONDecoder().decode([String: Verdict].self, from: Data(contentsOf: results))
        }
        return verdicts
    }

    /// How a program that says nothing ends; the test's time limit kills it.
    private static func exit(of program: String, _ arguments: [String]) async -> ChildExit {
        let child = ChildProcess(
            ChildLaunch(
                executable: program, arguments: arguments, environment: [:], workingDirectory: nil,
                standardInput: open("/dev/null", O_RDONLY | O_CLOEXEC),
                standardOutput: open("/dev/null", O_WRONLY | O_CLOEXEC))
        ) { _ in }
        return await withTaskCancellationHandler {
            await child.exit
        } onCancel: {
            child.kill()
        }
    }

    @Test func everyMustOfTheProtocolLayerHolds() async throws {
        let verdicts = try await run(levels: ["must"])
        #expect(verdicts.count > 200)
        for (id, verdict) in verdicts.sorted(by: { $0.key < $1.key }) where Self.outOfScope[id] == nil {
            #expect(verdict.verdict == "pass", "\(id): \(verdict.why ?? "") got \(verdict.got ?? "")")
        }
    }

    @Test func theShouldsAndPoliciesHoldToo() async throws {
        let verdicts = try await run(levels: ["should", "lenient", "policy"])
        #expect(verdicts.count > 120)
        for (id, verdict) in verdicts.sorted(by: { $0.key < $1.key }) where Self.outOfScope[id] == nil {
            #expect(
                verdict.verdict == "pass", "\(id) (\(verdict.level)): \(verdict.why ?? "") got \(verdict.got ?? "")")
        }
    }

    @Test func whatIsLeftOutIsThere() throws {
        let corpus = try String(contentsOf: Self.folder.appendingPathComponent("cases.json"), encoding: .utf8)
        for id in Self.outOfScope.keys { #expect(corpus.contains("\"\(id)\""), "\(id) is no case") }
    }
}
