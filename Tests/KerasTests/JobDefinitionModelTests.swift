import Estimator
import Formats
import Graph
import Keras
import OrderedCollections
import Testing

/// What a job's model function builds for each mode.
@Suite struct JobDefinitionModelTests {
    /// Outputs `a` and `b` of two numbers each.
    private static func job(_ change: (inout JSON) -> Void = { _ in }) -> SmallJob {
        var model = FunctionalModel(.keras3)
        model.input("x", [2])
        model.layer("Dense", "a", ["units": 2], calls: [model.call("x")])
        model.layer("Dense", "b", ["units": 2], calls: [model.call("x")])
        model.outputs = [["a", 0, 0], ["b", 0, 0]]
        var job = SmallJob.training([
            "synthetic": ["features": ["shape": [2]], "labels": ["shape": [2]], "examples": 12]
        ])
        job.spec["model"] = model.json
        job.spec["loss"] = ["b": ["MeanSquaredError": [:]]]
        job.spec["metrics"] = ["b": ["mae"]]
        change(&job.spec)
        return job
    }

    private static func spec(
        _ job: SmallJob, _ mode: ModeKeys, hasLabels: Bool = true
    ) throws -> TPUEstimatorSpec {
        let definition = try #require(job.definition, "\(job.faults)")
        let builder = GraphBuilder()
        let rows = builder.constant(1, shape: [4, 2])
        let spec = try definition.modelFunction(
            .single(rows), hasLabels ? .single(rows) : nil, mode, ModelParameters(), builder)
        #expect(builder.error == nil)
        return spec
    }

    @Test func predictionIsTheOutputs() throws {
        let spec = try Self.spec(Self.job(), .predict)
        #expect(spec.predictions.keys.elements == ["a/predictions", "b/predictions"])
        #expect(spec.loss == nil && spec.trainOp == nil && spec.evalMetrics == nil)
        let one = try Self.spec(SmallJob(), .predict, hasLabels: false)
        #expect(one.predictions.keys.elements == ["predictions"])
    }

    @Test func evaluationHasNumbersOfItsOutputs() throws {
        let spec = try Self.spec(Self.job(), .evaluate)
        let metrics = try #require(spec.evalMetrics)
        #expect(spec.loss?.shape.dimensions == [] && spec.trainOp == nil)
        let made = try metrics.metricsForHost()
        #expect(made.keys.elements == ["b_loss", "b_mae"])
        #expect(made.values.map(\.inputs) == [["b/loss"], ["b/labels", "b/predictions"]])
        #expect(metrics.tensors.keys == ["b/loss", "b/labels", "b/predictions"])
        #expect(metrics.tensors.elements[0].shape.dimensions == [4])
        // Without a metric the output's labels are not sent.
        let plain = try Self.spec(Self.job { $0["metrics"] = nil }, .evaluate)
        #expect(plain.evalMetrics?.tensors.keys == ["b/loss"])
        // The only output's numbers have no name in front.
        let one = Self.job {
            $0["model"] = [["Dense": ["units": 2]]]
            $0["loss"] = "mse"
            $0["metrics"] = ["mae"]
        }
        let single = try #require(try Self.spec(one, .evaluate).evalMetrics)
        #expect(try single.metricsForHost().keys.elements == ["mae"])
        #expect(single.tensors.keys == ["labels", "predictions"])
    }

    @Test func trainingHasAnOperation() throws {
        let spec = try Self.spec(Self.job(), .train)
        #expect(spec.trainOp != nil && spec.loss != nil && spec.evalMetrics == nil)
        // Without labels there is no loss to make smaller.
        let without = try Self.spec(Self.job(), .train, hasLabels: false)
        #expect(without.trainOp == nil && without.loss == nil)
    }

    /// A weight of 1 is none; another one is in the program.
    @Test func weightsMultiplyTheLoss() {
        func program(_ weights: JSON) -> String? {
            Self.job { $0["loss_weights"] = weights }.effect.flatMap { text in
                text.firstRange(of: "\nmodel ").map { String(text[$0.lowerBound...]) }
            }
        }
        let plain = program(nil)
        #expect(plain != nil)
        #expect(program(["b": 1]) == plain)
        #expect(program(["a": 3]) == plain)
        #expect(program(["b": 0.5]) != plain)
        #expect(program(["b": 0]) != plain)
    }
}
