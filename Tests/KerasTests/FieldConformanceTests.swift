import Datasets
import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

/// The cases of `field/`, as far as the training part decides them: what is read, built and said at submit.
@Suite(.enabled(if: ProjectFiles.hasCases("field/cases.json"), "\(ProjectFiles.noCases)"))
struct FieldConformanceTests {
    /// One case.
    struct Case: Sendable, CustomStringConvertible {
        let id: String
        let spec: JSON
        let statuses: [Int]
        let expected: JSON
        var description: String { id }

        /// Whether the case is about fields that the service reads, which this part leaves alone.
        var isOfService: Bool {
            let fields = Set(spec.object?.keys ?? [])
            return expected["max_bytes"] != nil
                || !fields.isDisjoint(with: ["max_run_seconds", "start_deadline_seconds", "max_steps"])
        }
    }

    static let folder = ProjectFiles.conformance.appending(path: "field")
    static let roots = DataRoots([folder.appending(path: "data").path])

    static func cases() throws -> [Case] {
        let file = try JSON(parsing: [UInt8](Data(contentsOf: folder.appending(path: "cases.json"))))
        return try #require(file["cases"]?.array).map { one in
            Case(
                id: try #require(one["id"]?.string), spec: try #require(one["spec"]),
                statuses: try #require(one["expect"]?["status"]?.array).compactMap(\.int),
                expected: try #require(one["expect"]))
        }
    }

    /// Reads and builds the job as a submit does; the faults, none for a job that is taken.
    static func faults(_ spec: JSON) -> [SpecError] {
        let faults = SpecErrors()
        guard let job = JobDefinition.read(spec, roots: roots, faults: faults) else { return faults.all }
        do {
            try job.check()
        } catch {
            faults.add(JSONPointer(tokens: ["model"]), "can't be built: \(error)")
        }
        return faults.all
    }

    @Test func everyCaseIsReadAsItShouldBe() throws {
        let cases = try Self.cases()
        #expect(cases.count > 30 || !ProjectFiles.hasOwnCases)
        for one in cases where !one.isOfService {
            let faults = Self.faults(one.spec)
            #expect(one.statuses.contains(faults.isEmpty ? 201 : 422), "\(one.id): \(faults)")
            if faults.isEmpty { continue }
            if let pointer = one.expected["pointer"]?.string {
                #expect(faults.contains { "\($0.pointer)".hasPrefix(pointer) }, "\(one.id): \(faults)")
            }
            if let code = one.expected["code"]?.string {
                #expect(faults.allSatisfy { $0.code == code }, "\(one.id): \(faults)")
            }
            let text = faults.map { "\($0.pointer) \($0.detail)" }.joined(separator: "\n")
            for word in one.expected["in_text"]?.array ?? [] {
                #expect(text.contains(word.string ?? "?"), "\(one.id) does not say \(word): \(text)")
            }
            for word in one.expected["not_in_text"]?.array ?? [] {
                #expect(!text.contains(word.string ?? "?"), "\(one.id) says \(word): \(text)")
            }
        }
    }

    /// Whatever the service's fields are, the training part of these jobs is right.
    @Test func theServicesCasesAreOfTheServiceAlone() throws {
        for one in try Self.cases() where one.isOfService {
            #expect(Self.faults(one.spec).isEmpty, "\(one.id): \(Self.faults(one.spec))")
        }
    }
}
