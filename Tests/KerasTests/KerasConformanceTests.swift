import Estimator
import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

/// Every case of `keras/` must give Keras' numbers; one of its tier `extended` may be refused instead, by the name of what is
/// not supported.
@Suite(.enabled(if: ProjectFiles.hasCases("keras"), "\(ProjectFiles.noCases)"))
struct KerasConformanceTests {
    @Test func casesGiveKerasNumbersOrAreRefused() throws {
        var ran: [String] = []
        for test in try KerasCase.all() {
            for model in ["model.json", "model_short.json"] where test.has(model) {
                let faults = SpecErrors()
                guard try JobDefinition.read(test.job(model: model), roots: test.roots, faults: faults) != nil else {
                    // What the pages call extended may be refused, but only by its name.
                    let isLater = faults.all.contains { $0.code == SpecError.notSupported }
                    let mayBe = try test.isExtended && isLater && !ProjectFiles.hasOwnCases
                    #expect(mayBe, "\(test.name)/\(model) was refused for \(faults.all)")
                    continue
                }
                try run(test, model)
                ran.append("\(test.name)/\(model)")
            }
        }
        print("ran \(ran)")
        #expect(!ran.isEmpty || !ProjectFiles.hasOwnCases)
    }

    private func run(_ test: KerasCase, _ model: String) throws {
        let expected = try test.json("expected.json")
        let tolerances = try #require(expected["tolerances"])
        let facts = try test.json("case.json")
        let undetermined = Set(expected["undetermined"]?.array?.compactMap(\.string) ?? [])
        let evalBatch = try #require(facts["eval_batch_size"]?.int)
        let comment = "\(test.name)/\(model)"

        // Predictions before training, one step, then all steps with the evaluation over all rows.
        let evaluation: JSON = ["input": ["batch_size": JSON(evalBatch), "drop_remainder": false]]
        let whole = try KerasCaseRun(test, model: model, evaluation: evaluation)
        try compare(whole.predictions(), expected["predictions_before"], tolerances["predictions_before"], comment)
        let first = try KerasCaseRun(test, model: model, steps: 1)
        try first.train()
        try compare(
            first.variables(), try test.tensors("step1.safetensors"), tolerances["step1_variables"], undetermined,
            comment)

        let result = try whole.train()
        let losses = try #require(expected["losses"]?.array).compactMap(\.double)
        #expect(whole.recorder.losses.count == losses.count, "\(comment)")
        for (step, (got, wanted)) in zip(whole.recorder.losses, losses).enumerated() {
            let tolerance = Tolerance(tolerances[step == 0 ? "first_loss" : "losses"])
            #expect(tolerance.holds(got, wanted), "\(comment): loss of step \(step + 1) is \(got), not \(wanted)")
        }
        try compare(
            whole.variables(), try test.tensors("final.safetensors"), tolerances["final_variables"], undetermined,
            comment)
        try compare(whole.predictions(), expected["predictions"], tolerances["predictions"], comment)
        try compare(#require(result.evaluation), expected["evaluate"], tolerances["evaluate"], comment)

        if let full = expected["evaluate_full_batches"], let rows = facts["examples"]?.int {
            let some = try KerasCaseRun(
                test, model: model, evaluation: ["steps": JSON(rows / evalBatch), "input": [:]],
                evalBatchSize: evalBatch)
            let evaluation = try #require(try some.train().evaluation)
            let bounds = tolerances["evaluate_full_batches"] ?? tolerances["evaluate"]
            try compare(evaluation, full, bounds, comment + " full batches")
        }
    }

    private func compare(
        _ got: EvaluationResult, _ expected: JSON?, _ tolerances: JSON?, _ comment: String
    ) throws {
        for (name, wanted) in try #require(expected?.object) {
            let value = try #require(name == "loss" ? got.rowMeanLoss : got.metrics[name], "\(comment): no \(name)")
            let holds = Tolerance(tolerances?[name]).holds(value, try #require(wanted.double))
            #expect(holds, "\(comment): \(name) is \(value), not \(wanted)")
        }
    }

    private func compare(
        _ got: OrderedDictionary<String, NDArray>, _ expected: OrderedDictionary<String, NDArray>, _ tolerances: JSON?,
        _ undetermined: Set<String>, _ comment: String
    ) throws {
        #expect(Set(got.keys) == Set(expected.keys), "\(comment)")
        for (name, wanted) in expected where !undetermined.contains(name) {
            let array = try #require(got[name])
            #expect(array.shape == wanted.shape, "\(comment): \(name)")
            let tolerance = Tolerance(tolerances?["exceptions"]?[name] ?? tolerances?["default"])
            let worst = zip(array.doubles, wanted.doubles).first { !tolerance.holds($0, $1) }
            #expect(worst == nil, "\(comment): \(name)")
        }
    }

    /// All numbers of a table of any rank.
    private static func numbers(_ json: JSON) -> [Double] {
        json.array?.flatMap(numbers) ?? [json.double].compactMap(\.self)
    }

    /// Predictions, by the name of the output where there are several.
    private func compare(
        _ got: OrderedDictionary<String, [[Double]]>, _ expected: JSON?, _ tolerance: JSON?, _ comment: String
    ) throws {
        guard let members = expected?.object else {
            return try compare(try #require(got.values.first), expected, tolerance, comment)
        }
        for (name, wanted) in members {
            try compare(try #require(got["\(name)/predictions"]), wanted, tolerance, "\(comment) \(name)")
        }
    }

    private func compare(_ got: [[Double]], _ expected: JSON?, _ tolerance: JSON?, _ comment: String) throws {
        let rows = try #require(expected?.array)
        for (row, wanted) in zip(got, rows) {
            let numbers = KerasConformanceTests.numbers(wanted)
            #expect(row.count == numbers.count, "\(comment)")
            for (a, b) in zip(row, numbers) {
                #expect(Tolerance(tolerance).holds(a, b), "\(comment): predicts \(a), not \(b)")
            }
        }
        #expect(got.count >= rows.count, "\(comment)")
    }
}
