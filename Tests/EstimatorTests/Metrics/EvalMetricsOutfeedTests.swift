import Estimator
import Graph
import Testing

@Suite struct EvalMetricsOutfeedTests {
    private struct Last: MetricAccumulator {
        var value = 0.0
        mutating func update(_ tensors: [HostTensor]) throws { value = tensors[0].doubles.last ?? 0 }
    }

    /// The names that leave the device when these metrics read labels and scores of 1000 classes.
    private func leaving(_ metrics: [Metric]) throws -> (names: [String], inputs: [[String]]) {
        let input = TypeStructure.single(TensorType(.float32, [1000]))
        let building = ProgramBuilding(
            modelFunction: { features, labels, mode, _, builder in
                let scores = try #require(features.only)
                let classes = try #require(labels?.only)
                return TPUEstimatorSpec(
                    mode: mode, loss: scores.reduceMean(),
                    evalMetrics: EvalMetrics(
                        tensors: ["labels": classes, "scores": scores, "unread": classes], metrics: metrics))
            }, params: ModelParameters(), features: input, labels: .single(.scalar(.int32)))
        let built = try building.build(
            mode: .evaluate, coreBatchSize: 4, shards: 1, isOnTPU: false)
        return (built.program.outfeed.map(\.name), built.metrics.map(\.inputs))
    }

    /// What metrics add up on the device takes the place of what they read; what another reads, or none, stays.
    @Test func sumsTakeThePlaceOfTensors() throws {
        let accuracy = Metric.sparseCategoricalAccuracy(labels: "labels", scores: "scores")
        let last = Metric(name: "last", inputs: ["scores"]) { Last() }
        let alone = try leaving([accuracy])
        #expect(alone.names == ["/loss", "unread", "/metric/0/0"])
        #expect(alone.inputs == [["/metric/0/0"]])
        let both = try leaving([last, accuracy])
        #expect(both.names == ["/loss", "scores", "unread", "/metric/1/0"])
        #expect(both.inputs == [["scores"], ["/metric/1/0"]])
        #expect(try leaving([]).names == ["/loss", "labels", "scores", "unread"])
    }

    /// A tensor that is not there is told by the name that was asked for.
    @Test func missingTensor() throws {
        #expect(try leaving([.mean("nothing")]).inputs == [["nothing"]])
    }

    /// Shapes that don't go together are told when the program is built.
    @Test func misfit() {
        #expect(throws: TrainingError.self) {
            try leaving([.meanSquaredError(labels: "labels", predictions: "scores")])
        }
    }
}
