import Formats
import Foundation
import OrderedCollections
import TestSupport
import Testing

/// One conformance case: a procedure, its input, and what it is to give.
struct SeedCase {
    let id: String
    let kind: String
    let tags: Set<String>
    let input: JSON
    let expected: JSON?
    let error: JSON?

    init(_ json: JSON) throws {
        id = try #require(json["id"]?.string)
        kind = try #require(json["kind"]?.string)
        tags = Set(try (json["tags"]?.array ?? []).map { try #require($0.string) })
        input = try #require(json["input"])
        expected = json["expected"]
        error = json["error"]
        try #require((expected == nil) != (error == nil), "\(id) has either expected or error")
    }
}

/// Why a case is not run. Each is printed with the number of cases that it left out.
struct Skip {
    let reason: String
    let applies: (SeedCase) -> Bool
}

/// The cases of a topic, and how each of its kinds is run.
struct SeedTopic {
    let name: String
    /// Said after the name in what is printed.
    var remark = ""
    var skips: [Skip] = []
    /// Members that are not compared.
    var notCompared = SeedTopic.notCompared
    /// Events that are taken out of what is expected.
    var eventsLeftOut: Set<String> = []
    let kinds: [String: (SeedCase) throws -> Observed]

    /// Members that the source's graph has and no design of ours needs: they are not compared.
    static let notCompared: Set<String> = ["use_resource", "collections", "colocated_with", "with_traceback"]

    /// Runs every case and records an issue for each that differs; prints how many ran.
    func run() throws {
        guard ProjectFiles.hasCases("seed/\(name).json") else {
            print("conformance \(name)\(remark): \(ProjectFiles.noCases)")
            return
        }
        let cases = try load()
        var ran: [String: Int] = [:]
        var skipped: [String: Int] = [:]
        for each in cases {
            if let skip = skips.first(where: { $0.applies(each) }) {
                skipped[skip.reason, default: 0] += 1
                continue
            }
            let procedure = try #require(kinds[each.kind], "\(each.id): nothing runs the kind \(each.kind)")
            let differences = Self.differences(
                of: each, from: .of { try procedure(each) }, ignoring: notCompared)
            for difference in differences { Issue.record("\(each.id) \(difference)") }
            ran[each.kind, default: 0] += 1
        }
        let total = ran.values.reduce(0, +)
        let byKind = ran.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        print("conformance \(name)\(remark): \(total) cases ran (\(byKind))")
        for (reason, count) in skipped.sorted(by: { $0.key < $1.key }) {
            print("conformance \(name)\(remark): \(count) cases skipped: \(reason)")
        }
        #expect(total > 0 || !ProjectFiles.hasOwnCases, "no case of \(name) ran")
    }

    static func differences(
        of each: SeedCase, from observed: Observed, ignoring ignored: Set<String> = notCompared
    ) -> [String] {
        guard let error = each.error else {
            return observed.differences(from: each.expected ?? .null, ignoring: ignored)
        }
        guard case .failure(let thrown) = observed else { return ["succeeded, expected \(error)"] }
        return SeedCondition.differences(of: thrown, from: error)
    }

    private func load() throws -> [SeedCase] {
        let document = try JSON(
            parsing: [UInt8](Data(contentsOf: ProjectFiles.conformance.appending(path: "seed/\(name).json"))))
        try #require(document["topic"]?.string == name)
        return try #require(document["cases"]?.array).map { try SeedCase($0.without(events: eventsLeftOut)) }
    }
}

extension JSON {
    /// The same value without the list members that are events of these names.
    fileprivate func without(events: Set<String>) -> JSON {
        switch self {
        case _ where events.isEmpty: self
        case .array(let values):
            .array(
                values.filter { !events.contains($0["event"]?.string ?? "") }.map { $0.without(events: events) })
        case .object(let members): .object(members.mapValues { $0.without(events: events) })
        default: self
        }
    }
}
