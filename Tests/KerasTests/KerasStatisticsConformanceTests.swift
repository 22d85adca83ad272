import Estimator
import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

/// Training from fresh initial values: random numbers are not Keras', but over several seeds the losses are
/// (`statistical.json`: what Keras gave with seeds of its own, and what it accepts of five runs).
@Suite(.enabled(if: ProjectFiles.hasCases("keras"), "\(ProjectFiles.noCases)"))
struct KerasStatisticsConformanceTests {
    private static let seeds = 1...5

    @Test func freshTrainingsGoAsKeras() throws {
        let cases = try KerasCase.all().filter { $0.has("statistical.json") }
        if cases.isEmpty { print("\(ProjectFiles.conformance.path) has no case with statistical.json") }
        for test in cases { try run(test) }
    }

    private func run(_ test: KerasCase) throws {
        let expected = try test.json("statistical.json")
        let accepted = try #require(expected["accept"])
        let metric = try #require(expected["metric"]?.string)
        let steps = try #require(expected["steps"]?.int)
        let batch = try #require(try test.json("case.json")["eval_batch_size"])
        var firstLosses: [Double] = []
        var losses: [Double] = []
        for seed in Self.seeds {
            let run = try KerasCaseRun(
                test, model: "model.json", steps: steps,
                evaluation: ["input": ["batch_size": batch, "drop_remainder": false]], seed: seed)
            let evaluation = try #require(try run.train().evaluation)
            let (loss, value) = (evaluation.rowMeanLoss, try #require(evaluation.metrics[metric]))
            firstLosses.append(try #require(run.recorder.losses.first))
            losses.append(loss)
            let comment = "\(test.name), seed \(seed): loss \(loss), \(metric) \(value), accepted \(accepted.text)"
            #expect(loss < accepted["each_run_loss_below"]?.double ?? -.infinity, "\(comment)")
            #expect(value > accepted["each_run_metric_above"]?.double ?? -.infinity, "\(comment)")
            #expect(value < accepted["each_run_metric_below"]?.double ?? .infinity, "\(comment)")
        }
        for (name, numbers) in [
            ("mean_loss_of_5_runs_between", losses), ("first_loss_mean_of_5_runs_between", firstLosses),
        ] {
            let bounds = try #require(accepted[name]?.array).compactMap(\.double)
            let mean = numbers.reduce(0, +) / Double(numbers.count)
            #expect(bounds[0] <= mean && mean <= bounds[1], "\(test.name): \(name) \(bounds), but \(numbers)")
        }
    }
}
