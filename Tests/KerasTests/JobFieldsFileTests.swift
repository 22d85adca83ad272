import Formats
import Foundation
import OrderedCollections
import TestSupport
import Testing

/// Sources/CJobFields/job-fields.json has the fields that the readers ask for: the OpenAPI document is made from it. With
/// `TPUD_WRITE_DOCS=1` the test writes it.
@Suite struct JobFieldsFileTests {
    private static let file = ProjectFiles.root.appending(path: "Sources/CJobFields/job-fields.json")

    /// The tables of classes, and where one of each is in a job.
    private static let tables: [(name: String, place: JSONPointer)] = [
        ("Layer", "model/0"), ("Initializer", "model/0/Dense/kernel_initializer"),
        ("Regularizer", "model/0/Dense/kernel_regularizer"), ("Constraint", "model/0/Dense/kernel_constraint"),
        ("Loss", "loss"), ("Metric", "metrics/0"), ("Optimizer", "optimizer"),
        ("Schedule", "optimizer/SGD/learning_rate"),
    ].map { ($0, pointer($1)) }

    private static func pointer(_ path: String) -> JSONPointer {
        JSONPointer(tokens: path.split(separator: "/").map(String.init))
    }

    @Test func theFileIsWhatTheReadersAskFor() throws {
        let text = Self.lines(Self.fields).joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["TPUD_WRITE_DOCS"] == "1" {
            try Data(text.utf8).write(to: Self.file)
            return
        }
        #expect(
            try String(contentsOf: Self.file, encoding: .utf8) == text,
            "the readers ask for other fields: TPUD_WRITE_DOCS=1 swift test --filter JobFieldsFileTests")
    }

    /// What a probe finds: a field of each kind, in a table and in a section.
    @Test func aProbeFindsWhatAReaderAsksFor() throws {
        let dense = FieldProbe(Self.pointer("model/0/Dense")).schema
        #expect(dense["required"] == ["units"])
        #expect(dense["additionalProperties"] == false)
        #expect(dense["properties"]?["use_bias"] == ["type": ["boolean", "null"], "default": true])
        #expect(dense["properties"]?["units"]?["type"] == "integer")
        #expect(dense["properties"]?["units"]?["minimum"] == 1)
        let train = FieldProbe(Self.pointer("train")).schema
        #expect(train["required"] == ["input"])
        #expect(train["properties"]?["input"]?["$ref"] == "#/components/schemas/Input")
        // Required unless another field is there.
        let start = FieldProbe(Self.pointer("warm_start_from")).schema
        #expect(start["required"] == nil)
        let labels = FieldProbe(Self.pointer("train/input/source/synthetic/labels")).schema
        #expect(labels["required"] == nil && labels["properties"]?["classes"]?["maximum"] == 1_000_000)
        #expect(FieldProbe.choices(Self.pointer("train/input/map/0"))["scale"] == ["type": "number"])
    }

    // MARK: What is written

    private static var fields: JSON {
        var members: OrderedDictionary<String, JSON> = [:]
        for (name, place) in tables { members[name] = table(place) }
        members["Activation"] = JSON(FieldProbe.names(pointer("model/0/Dense/activation")))
        members["Operator"] = JSON(FieldProbe.names(pointer("model/0"), module: "keras.src.ops.numpy"))
        members["MapStep"] = .object(FieldProbe.choices(pointer("train/input/map/0")))
        members["Source"] = .object(FieldProbe.choices(pointer("train/input/source")))
        var sections: OrderedDictionary<String, JSON> = [
            "Job": FieldProbe(.root, in: [FieldProbe.job, FieldProbe.prediction]).schema
        ]
        for (name, place) in FieldProbe.sections where sections[name] == nil && name != "Source" {
            let job = place.tokens[0] == "predict" ? FieldProbe.prediction : FieldProbe.job
            sections[name] = FieldProbe(place, in: [job]).schema
        }
        members["sections"] = .object(sections)
        return .object(members)
    }

    /// The classes of a table, those together that have the same fields.
    private static func table(_ place: JSONPointer) -> JSON {
        var groups: OrderedDictionary<String, (names: [String], schema: JSON)> = [:]
        // Names of classes come before those of functions and short ones.
        func rank(_ name: String) -> Int { [name.lowercased(), name.uppercased()].contains(name) ? 1 : 0 }
        let names = FieldProbe.names(place).sorted { (rank($0), $0) < (rank($1), $1) }
        for name in names {
            let schema = FieldProbe(place.appending(name)).schema
            groups[schema.text, default: ([], schema)].names.append(name)
        }
        return .array(groups.values.map { ["names": JSON($0.names), "config": $0.schema] })
    }

    /// JSON with what is short on one line.
    private static func lines(_ json: JSON) -> [String] {
        let text = json.text
        if text.count <= 110 { return [text] }
        let entries: [(head: String, value: JSON)]
        let ends: (String, String)
        if let members = json.object {
            entries = members.map { ("\(JSON.string($0.key).text): ", $0.value) }
            ends = ("{", "}")
        } else {
            entries = (json.array ?? []).map { ("", $0) }
            ends = ("[", "]")
        }
        let inner = entries.enumerated().flatMap { index, entry -> [String] in
            var lines = lines(entry.value)
            lines[0] = entry.head + lines[0]
            if index < entries.count - 1 { lines[lines.count - 1] += "," }
            return lines.map { "  " + $0 }
        }
        return [ends.0] + inner + [ends.1]
    }
}
