import Foundation
import Glibc
import HTTP
import HTTPTypes
import TestSupport
import Reactor
import Testing

/// Runs the HTTP corpus of the protocol layer, at every level, against a server in this process.
@Suite(.timeLimit(.minutes(10)), .enabled(if: ProjectFiles.hasCases("http/http_corpus.py"), "\(ProjectFiles.noCases)"))
struct HTTPConformanceTests {
    private static let tag = #""ok""#
    private static let job = #"{"name":"http-corpus"}"#

    private static let folder = ProjectFiles.conformance.appending(path: "http")

    private static func trimmed(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private let routes = [
        Route(
            .get, "/healthz",
            .immediate { request in
                var response = Response.text("ok\n")
                if request.field(.ifNoneMatch) == tag { response = Response(.notModified) }
                response.fields[.eTag] = tag
                return response
            }),
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

    /// The program's verdicts. Cases that wait for deadlines or open thousands of connections run where
    /// TPUD_CONFORMANCE_SLOW is set.
    private func verdicts() async throws -> [String: Verdict] {
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
                ] + (isSlow ? [] : ["--fast"])
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
                executable: program, arguments: arguments,
                environment: ProcessInfo.processInfo.environment, workingDirectory: nil,
                standardInput: open("/dev/null", O_RDONLY | O_CLOEXEC),
                standardOutput: open("/dev/null", O_WRONLY | O_CLOEXEC))
        ) { _ in }
        return await withTaskCancellationHandler {
            await child.exit
        } onCancel: {
            child.kill()
        }
    }

    /// What the program leaves out needs something that this server does not offer (a field of an answer, say).
    @Test func everyCaseOfTheProtocolLayerHolds() async throws {
        let verdicts = try await verdicts()
        #expect(verdicts.values.contains { $0.verdict == "pass" }, "no case ran")
        for (id, verdict) in verdicts.sorted(by: { $0.key < $1.key }) where verdict.verdict != "skip" {
            #expect(
                verdict.verdict == "pass", "\(id) (\(verdict.level)): \(verdict.why ?? "") got \(verdict.got ?? "")")
        }
        let skipped = verdicts.filter { $0.value.verdict == "skip" }.keys.sorted()
        print("conformance http: \(verdicts.count) cases, left out: \(skipped)")
        if ProjectFiles.hasOwnCases {
            #expect(verdicts.count >= 378)
            #expect(skipped == ["co-lm"], "the small app sends no Last-Modified, but all else that a case needs")
        }
    }
}
