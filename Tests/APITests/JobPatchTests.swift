import API
import Formats
import OrderedCollections
import Testing

@Suite struct JobPatchTests {
    private static func faults(_ json: JSON) -> [String] {
        let faults = SpecErrors()
        _ = JobPatch(json, faults: faults)
        return faults.all.map { "\($0.pointer) \($0.detail)" }
    }

    private static func patch(_ json: JSON) throws -> JobPatch {
        let faults = SpecErrors()
        let patch = JobPatch(json, faults: faults)
        try #require(faults.isEmpty, "\(faults.all)")
        return patch
    }

    @Test func aPatchNamesWhatItChanges() throws {
        #expect(try Self.patch([:]).names == [])
        let all = try Self.patch([
            "priority": 5, "labels": ["a": "b"], "max_run_seconds": 60, "keep_checkpoint_max": 0,
        ])
        #expect(all.names == JobPatch.fields)
        #expect(all.priority == 5 && all.maxRunSeconds == .some(.some(60)) && all.keepCheckpointMax == 0)
        #expect(try Self.patch(["max_run_seconds": .null]).maxRunSeconds == .some(nil))
        #expect(try Self.patch(["max_run_seconds": .null]).names == ["max_run_seconds"])
        #expect(try Self.patch(["labels": .null]).labels == .removeAll)
    }

    /// RFC 7396: what is named is set, null removes it, the rest stays.
    @Test func labelsAreMerged() throws {
        let old = ["a": "1", "b": "2"]
        let cases: [(JSON, [String: String])] = [
            ([:], old), (["labels": [:]], old), (["labels": ["a": "3"]], ["a": "3", "b": "2"]),
            (["labels": ["a": .null]], ["b": "2"]), (["labels": ["c": .null]], old),
            (["labels": ["a": .null, "c": ""]], ["b": "2", "c": ""]), (["labels": .null], [:]),
        ]
        for (json, labels) in cases { #expect(try Self.patch(json).labels(of: old) == labels, "\(json)") }
    }

    @Test func everyFaultIsToldWithItsPlace() {
        let cases: [(JSON, String)] = [
            (["priority": 1_000_001], "/priority"), (["priority": "5"], "/priority"),
            (["priority": .null], "/priority"),
            (["keep_checkpoint_max": -1], "/keep_checkpoint_max"),
            (["keep_checkpoint_max": 1_000_001], "/keep_checkpoint_max"),
            (["keep_checkpoint_max": .null], "/keep_checkpoint_max"),
            (["max_run_seconds": 0], "/max_run_seconds"), (["max_run_seconds": "1h"], "/max_run_seconds"),
            (["labels": ["": "x"]], "/labels/"), (["labels": ["a": 1]], "/labels/a"), (["labels": []], "/labels"),
            (["labels": ["a=b": "x"]], "/labels/a=b"), (["state": "RUNNING"], "/state"), (["name": "x"], "/name"),
        ]
        for (json, pointer) in cases {
            let faults = Self.faults(json)
            #expect(faults.count == 1 && faults[0].hasPrefix("\(pointer) "), "\(json): \(faults)")
        }
        #expect(Self.faults(["priority": 0.5, "prioritty": 1, "labels": 3]).count == 3)
        #expect(Self.faults(["prioritty": 1])[0].contains("priority"))
        #expect(Self.faults([1]).count == 1)
    }

    @Test func theSpecificationFollows() throws {
        let spec: JSON = [
            "name": "a", "labels": ["x": "y"], "priority": 0, "max_run_seconds": .null,
            "run_config": ["random_seed": 1, "keep_checkpoint_max": 5],
        ]
        let patch = try Self.patch(["priority": 2, "max_run_seconds": 7, "keep_checkpoint_max": 1])
        #expect(
            patch.specification(changing: spec, labels: ["x": "y"]) == [
                "name": "a", "labels": ["x": "y"], "priority": 2, "max_run_seconds": 7,
                "run_config": ["random_seed": 1, "keep_checkpoint_max": 1],
            ])
        let labels = try Self.patch(["labels": ["x": .null]])
        #expect(labels.specification(changing: spec, labels: [:])["labels"] == [:])
        #expect(try Self.patch([:]).specification(changing: spec, labels: [:]) == spec)
    }

    /// What a change makes of a specification is one that may be submitted.
    @Test func itsNumbersAreThoseOfASpecification() throws {
        let parts = OpenAPIDocument.make(version: "1")["components"]?["schemas"]
        for (name, other) in [
            ("priority", parts?["JobSpec"]?["properties"]), ("max_run_seconds", parts?["JobSpec"]?["properties"]),
            ("keep_checkpoint_max", parts?["RunConfig"]?["properties"]),
        ] {
            let own = try #require(JobPatch.schema["properties"]?[name])
            let specified = try #require(other?[name])
            for limit in ["minimum", "exclusiveMinimum", "maximum"] {
                #expect(own[limit] == specified[limit], "\(name) \(limit)")
            }
        }
        #expect(try Self.patch(["keep_checkpoint_max": 1_000_000]).keepCheckpointMax == 1_000_000)
    }

    @Test func theSchemaHasItsFields() {
        #expect(JobPatch.schema["properties"]?.object?.keys.elements == JobPatch.fields)
        #expect(JobPatch.schema["additionalProperties"] == false)
    }
}
