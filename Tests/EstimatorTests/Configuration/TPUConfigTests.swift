import Estimator
import Testing

@Suite struct TPUConfigTests {
    @Test(arguments: [0, -1, Int.min])
    func layoutOnTheTPUIsPositive(number: Int) {
        #expect(throws: EstimatorError.notPositive(name: "TPUConfig iterations_per_loop", value: number)) {
            try TPUConfig(iterationsPerLoop: number)
        }
        #expect(throws: EstimatorError.notPositive(name: "TPUConfig num_shards", value: number)) {
            try TPUConfig(numShards: number)
        }
    }

    /// The defaults are the same whichever way a configuration is made.
    @Test func defaults() throws {
        #expect(try TPUConfig() == TPUConfig.standard)
        #expect(try TPUConfig(tpuJobName: nil) == TPUConfig.standard)
        let standard = TPUConfig.standard
        #expect(standard.numShards == 2 && standard.iterationsPerLoop == 2 && standard.perHostInputForTraining)
        #expect(standard.tpuJobName == nil)
    }
}
