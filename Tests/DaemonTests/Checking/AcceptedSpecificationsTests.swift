import Daemon
import Formats
import Foundation
import Jobs
import Testing
import WorkerProtocol

@Suite struct AcceptedSpecificationsTests {
    private let memory = AcceptedSpecifications()
    private let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-accepted-\(UUID())")

    private func specification(
        _ text: String = "{}", plan: [UInt8]? = nil, files: [String: FileStamp]? = [:]
    ) throws -> AcceptedSpecification {
        try AcceptedSpecification(
            .passed(
                PassedCheck(
                    service: ["name": "a"], mode: .train, shards: 8, deviceJob: "worker",
                    specification: Array(text.utf8), plan: plan, files: files)), pod: Pod(parsing: "v2-8"))
    }

    private func settings(_ flags: [String: [String]] = [:]) throws -> AcceptedSpecifications.Settings {
        .init(try ConfigurationLoader(cores: 1).load([.flags(flags)]))
    }

    private func text(_ digest: String, _ settings: AcceptedSpecifications.Settings) async throws -> String? {
        try await memory.specification(for: digest, settings).map {
            String(decoding: $0.passed.specification, as: UTF8.self)
        }
    }

    @Test func whatWasAcceptedIsKnownAgain() async throws {
        let settings = try settings()
        #expect(try await text("a", settings) == nil)
        memory.remember(try specification("{\"a\":1}"), for: "a", settings)
        memory.remember(try specification("{\"b\":1}"), for: "b", settings)
        #expect(try await text("a", settings) == "{\"a\":1}")
        #expect(try await text("b", settings) == "{\"b\":1}")
        memory.remember(try specification("{\"a\":2}"), for: "a", settings)
        #expect(try await text("a", settings) == "{\"a\":2}")
    }

    @Test func otherSettingsForgetIt() async throws {
        let settings = try settings()
        memory.remember(try specification(), for: "a", settings)
        #expect(try await text("a", try self.settings(["max_spec_bytes": ["65536"]])) == nil)
        #expect(try await text("a", settings) != nil)
        memory.remember(try specification(), for: "b", try self.settings(["max_spec_bytes": ["65536"]]))
        #expect(try await text("a", settings) == nil)
    }

    @Test func otherProgramsForgetIt() async throws {
        let settings = try settings(["programs": ["a=/x"]])
        memory.remember(try specification(), for: "a", settings)
        #expect(try await text("a", try self.settings(["programs": ["a=/y"]])) != nil, "the name is what counts")
        #expect(try await text("a", try self.settings(["programs": ["b=/x"]])) == nil)
        #expect(try await text("a", try self.settings()) == nil)
    }

    @Test func aFileThatHasChangedIsCheckedAnew() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "a.csv")
        try Data("1,2\n".utf8).write(to: file)
        let settings = try settings(["data_roots": [folder.path]])
        let stamp = try #require(FileStamp(path: file.path))
        memory.remember(try specification(files: ["a.csv": stamp]), for: "a", settings)
        #expect(try await text("a", settings) != nil)
        try Data("1,2,3\n".utf8).write(to: file)
        #expect(try await text("a", settings) == nil)
        memory.remember(
            try specification(files: ["a.csv": try #require(FileStamp(path: file.path))]), for: "a", settings)
        #expect(try await text("a", settings) != nil)
        try FileManager.default.removeItem(at: file)
        #expect(try await text("a", settings) == nil)
    }

    @Test func plansAndUnknownFilesAreNotKept() async throws {
        let settings = try settings()
        memory.remember(try specification(files: nil), for: "a", settings)
        memory.remember(try specification(plan: [0x7B, 0x7D]), for: "b", settings)
        #expect(try await text("a", settings) == nil)
        #expect(try await text("b", settings) == nil)
    }

    @Test func theOldestGoWhenThereAreMany() async throws {
        let settings = try settings()
        for number in 0...AcceptedSpecifications.largestCount {
            memory.remember(try specification(), for: "\(number)", settings)
            // The first one is used again and again.
            _ = try await text("0", settings)
        }
        #expect(try await text("0", settings) != nil)
        #expect(try await text("1", settings) == nil)
        #expect(try await text("2", settings) != nil)
        let large = String(repeating: " ", count: AcceptedSpecifications.largestBytes / 2)
        memory.remember(try specification(large), for: "large", settings)
        #expect(try await text("large", settings) != nil)
        memory.remember(try specification(large), for: "larger", settings)
        #expect(try await text("large", settings) == nil)
        #expect(try await text("larger", settings) != nil)
    }
}
