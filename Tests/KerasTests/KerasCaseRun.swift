import Estimator
import Formats
import Foundation
import Keras
import OrderedCollections
import Testing

/// One job of a case in a model directory of its own.
struct KerasCaseRun {
    let definition: JobDefinition
    let estimator: TPUEstimator
    let recorder = Recorder()
    private let test: KerasCase
    private let directory: TemporaryDirectory

    init(
        _ test: KerasCase, model: String, steps: Int? = nil, evaluation: JSON? = nil, evalBatchSize: Int? = nil,
        seed: Int? = nil
    ) throws {
        let faults = SpecErrors()
        let job = try test.job(
            model: model, steps: steps, evaluation: evaluation, evalBatchSize: evalBatchSize, seed: seed)
        let read = JobDefinition.read(job, roots: test.roots, faults: faults)
        definition = try #require(read, "\(faults.all)")
        directory = try TemporaryDirectory()
        estimator = try definition.estimator(
            modelDirectory: directory.path, lock: nil, roots: test.roots, execution: ExecutionOptions(),
            observer: recorder)
        self.test = test
    }

    @discardableResult
    func train() throws -> TrainingResult {
        let input = try #require(try definition.trainingInput(test.roots))
        let evaluation = try definition.evaluationInput(test.roots).map {
            EvalSpec(
                input: $0, steps: definition.evaluation?.steps, everySteps: definition.evaluation?.everySteps)
        }
        return try estimator.train(
            input: input, maxSteps: definition.training?.maxSteps, evaluation: evaluation)
    }

    func variables() throws -> OrderedDictionary<String, NDArray> {
        let checkpoint = try #require(try estimator.checkpointStore().latestGood())
        return OrderedDictionary(uniqueKeysWithValues: checkpoint.variables.map { ($0.name, $0.array) })
    }

    /// The model's outputs for the first rows.
    func predictions() throws -> OrderedDictionary<String, [[Double]]> {
        var rows: OrderedDictionary<String, [[Double]]> = [:]
        let input = try #require(try definition.evaluationInput(test.roots))
        try estimator.predict(input: input) { predictions in
            for (name, output) in predictions where rows[name] == nil {
                let width = output.rowCount
                rows[name] = (0..<output.rows).map { Array(output.doubles[($0 * width)..<(($0 + 1) * width)]) }
            }
        }
        return rows
    }
}

/// A folder that goes away with its owner.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = URL.temporaryDirectory.appending(path: "keras-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
