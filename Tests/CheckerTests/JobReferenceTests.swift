import API
import Checker
import Formats
import Foundation
import Jobs
import OrderedCollections
import TestSupport
import Testing
import WorkerProtocol

/// `docs/job.md` against what the readers know: every field with its default, and every name that they list.
@Suite struct JobReferenceTests {
    private let page: String

    init() throws {
        page = try String(contentsOf: ProjectFiles.root.appending(path: "docs/job.md"), encoding: .utf8)
    }

    /// The rows of the table below a heading: the cell of the default by the field's name.
    private func rows(_ heading: String) throws -> [String: String] {
        let start = try #require(page.range(of: "\n## \(heading)\n"), "\(heading)")
        let section = page[start.upperBound...].components(separatedBy: "\n## ")[0]
        var rows: [String: String] = [:]
        for line in section.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.components(separatedBy: " | ")
            let name = cells[0].dropFirst(3).prefix { $0 != "`" }
            rows[String(name)] = cells.count > 2 ? cells[2].trimmingCharacters(in: .whitespaces) : ""
        }
        return rows
    }

    private func check(_ body: JSON) -> CheckReport.Finding {
        var check = SpecificationCheck(compiler: KerasCompiler())
        return check.run(
            CheckRequest(
                number: 1, body: body.serialized(), dataRoots: [], isDryRun: false,
                limits: .init(processorSeconds: 60, memoryBytes: 1 << 32, specificationBytes: 1 << 20)))
    }

    private static let input: JSON = [
        "source": [
            "synthetic": [
                "features": ["shape": [4], "dtype": "float32"], "labels": ["shape": [1], "dtype": "float32"],
                "examples": 64,
            ]
        ]
    ]

    /// As little as can be said.
    private static let least: JSON = [
        "mode": "train_and_evaluate", "train_batch_size": 8, "model": [["Dense": ["units": 1]]], "loss": "mse",
        "optimizer": "sgd", "train": ["max_steps": 1, "input": input], "evaluate": ["input": input],
    ]

    @Test func everyFieldIsThereWithItsDefault() throws {
        guard case .passed(let passed) = check(Self.least) else {
            Issue.record("the shortest job has a fault")
            return
        }
        let spec = try JSON(parsing: passed.specification)
        let given: Set<String> = ["train_batch_size", "max_steps", "loss", "optimizer", "train", "evaluate"]
        for (heading, object) in [
            ("The job", spec), ("`retry`", spec["retry"]), ("`tpu_config`", spec["tpu_config"]),
            ("`run_config`", spec["run_config"]), ("`train`", spec["train"]), ("`evaluate`", spec["evaluate"]),
            ("Inputs", spec["train"]?["input"]),
        ] {
            let rows = try rows(heading)
            let members = try #require(object?.object, "\(heading)")
            #expect(Set(rows.keys) == Set(members.keys), "\(heading)")
            for (name, value) in members where !given.contains(name) {
                let cell = rows[name] ?? "no row"
                if cell == "required" || cell == "see below" { continue }
                // A batch size that the job itself has rules.
                if name == "batch_size" { continue }
                #expect(cell == (value.isNull ? "none" : "`\(value.text)`"), "\(heading): \(name)")
            }
        }
    }

    /// What readers list when a name is none of theirs.
    @Test(
        arguments: [
            ("a source", ["train", "input", "source"], ["nonsense": [:]]),
            ("a map step", ["train", "input", "map"], [["nonsense": 1]]),
            ("a loss", ["loss"], "nonsense"), ("an optimizer", ["optimizer"], "nonsense"),
            ("a schedule", ["optimizer"], ["SGD": ["learning_rate": ["nonsense": [:]]]]),
            ("a metric", ["metrics"], ["nonsense"]), ("a layer", ["model"], [["nonsense": [:]]]),
            ("an activation", ["model"], [["Dense": ["units": 1, "activation": "nonsense"]]]),
            ("an initializer", ["model"], [["Dense": ["units": 1, "kernel_initializer": "nonsense"]]]),
        ] as [(String, [String], JSON)])
    func everyNameIsThere(_ what: String, _ path: [String], _ value: JSON) throws {
        func replaced(_ json: JSON, _ path: ArraySlice<String>) -> JSON {
            guard let name = path.first else { return value }
            var json = json
            json[name] = replaced(json[name] ?? [:], path.dropFirst())
            return json
        }
        guard case .faulty(let faulty) = check(replaced(Self.least, path[...])) else {
            Issue.record("\(what): nonsense is taken")
            return
        }
        let detail = try #require(faulty.faults.first { $0.detail.contains("\"nonsense\"") }?.detail)
        let list = try #require(detail.range(of: "there are ").map { detail[$0.upperBound...] }, "\(detail)")
        let names = list.components(separatedBy: ", ")
        #expect(names.count >= 2, "\(detail)")
        // A long list is cut; LayerTableTests holds all layers.
        for name in names where !name.hasSuffix("…") && !page.contains("`\(name)`") {
            Issue.record("docs/job.md lacks \(what): \(name)")
        }
    }
}
