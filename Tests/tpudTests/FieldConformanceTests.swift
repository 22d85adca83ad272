import Formats
import Foundation
import OrderedCollections
import TestSupport
import Testing
import Transfer

/// Inputs as people have them (`field/cases.json`), posted to the real binary: the right answer to each, and the daemon is
/// there after each.
@Suite(.enabled(if: ProjectFiles.hasCases("field/cases.json"), "\(ProjectFiles.noCases)"))
struct FieldConformanceTests {
    @Test func everyCaseIsAnsweredRightly() throws {
        let folder = ProjectFiles.conformance.appending(path: "field")
        let file = try JSON(parsing: [UInt8](Data(contentsOf: folder.appending(path: "cases.json"))))
        let cases = (file["cases"]?.array ?? []).map(FieldCase.init)
        #expect(!cases.isEmpty)
        var daemon = try DaemonProcess(data: folder.appending(path: "data").path)
        for each in cases {
            for fault in try each.faults(on: daemon) { Issue.record("\(each.name): \(fault)   (\(each.why))") }
            guard !daemon.process.isRunning else { continue }
            Issue.record("\(each.name) has ended the daemon: \(daemon.log.suffix(20))")
            daemon = try DaemonProcess(data: folder.appending(path: "data").path)
        }
        print("field: \(cases.count) cases ran")
        if ProjectFiles.hasOwnCases { #expect(cases.count == 32) }
    }
}

/// One case: a specification and the right answer to it.
private struct FieldCase {
    private let content: JSON

    init(_ content: JSON) { self.content = content }

    var name: String { content["id"]?.string ?? "" }
    var why: String { content["why"]?.string ?? "" }

    private var body: [UInt8] {
        let unknown = (0..<(content["unknown_fields"]?.int ?? 0)).map { ("unknown_\($0)", JSON($0)) }
        guard !unknown.isEmpty else { return (content["spec"] ?? .null).serialized() }
        var members = content["spec"]?.object ?? [:]
        for (name, value) in unknown { members[name] = value }
        return JSON.object(members).serialized()
    }

    /// What a daemon does otherwise than the case expects, in words.
    func faults(on daemon: DaemonProcess) throws -> [String] {
        let query = content["query"]?.string ?? ""
        let began = ContinuousClock.now
        let reply = try daemon.send("POST", "/v1/jobs" + (query.isEmpty ? "" : "?\(query)"), body: body)
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let expected = content["expect"] ?? .null
        let text = String(decoding: reply.body, as: UTF8.self)
        let document = (try? JSON(parsing: reply.body)) ?? .null
        var faults: [String] = []
        guard expected["status"]?.array?.contains(JSON(reply.status)) == true else {
            return ["status \(reply.status), expected \(expected["status"] ?? .null): \(text.prefix(400))"]
        }
        if reply.status == 422 { faults += Self.faults(of: document, expected) }
        if reply.body.count > expected["max_bytes"]?.int ?? .max { faults.append("\(reply.body.count) bytes") }
        if seconds > expected["max_seconds"]?.double ?? .infinity { faults.append("\(seconds) s") }
        if reply.status == 201, expected["state"] != nil, let id = document["id"]?.string {
            faults += Self.faults(ofJob: try daemon.final(id), expected)
        }
        return faults
    }

    private static func faults(of problem: JSON, _ expected: JSON) -> [String] {
        let errors = problem["errors"]?.array ?? []
        var faults: [String] = []
        if let pointer = expected["pointer"]?.string,
            !errors.contains(where: { $0["pointer"]?.string?.hasPrefix(pointer) == true })
        {
            faults.append("no error at \(pointer): \(problem)")
        }
        if let code = expected["code"], problem["code"] != code { faults.append("code \(problem["code"] ?? .null)") }
        let told = [problem["detail"]] + errors.flatMap { [$0["pointer"], $0["detail"]] }
        let words = told.compactMap { $0?.string }.joined(separator: "\n")
        for word in expected["in_text"]?.array?.compactMap(\.string) ?? [] where !words.contains(word) {
            faults.append("does not say \(word): \(words)")
        }
        for word in expected["not_in_text"]?.array?.compactMap(\.string) ?? [] where words.contains(word) {
            faults.append("says \(word): \(words)")
        }
        return faults
    }

    private static func faults(ofJob job: JSON, _ expected: JSON) -> [String] {
        var faults: [String] = []
        func compare(_ name: String, _ value: JSON?) {
            guard let wanted = expected[name], wanted != value else { return }
            faults.append("\(name) is \(value ?? .null), expected \(wanted): \(job["error"] ?? .null)")
        }
        compare("state", job["state"])
        compare("outcome", job["error"]?["code"])
        compare("global_step", job["result"]?["global_step"])
        return faults
    }
}
