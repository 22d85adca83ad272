import Estimator
import Testing

@Suite struct ModelParametersTests {
    @Test func batchSizeIsNoneOfTheValues() {
        let params = ModelParameters(["units": .int(3)])
        #expect(params.batchSize == nil && params["units"] == .int(3) && params["other"] == nil)
        let sized = params.with(batchSize: 16)
        #expect(sized.batchSize == 16 && sized.values == params.values)
        #expect(sized[ModelParameters.reservedKey] == nil)
        #expect(sized.with(batchSize: nil) == params)
    }

    /// The estimator refuses the reserved key, with or without a TPU.
    @Test(arguments: [true, false]) func theReservedKeyIsRefused(useTPU: Bool) {
        let error = #expect(throws: EstimatorError.self) {
            try TPUEstimator(
                modelFunction: SmallModel().modelFunction, params: ModelParameters(["batch_size": .int(1)]),
                useTPU: useTPU, trainBatchSize: 8)
        }
        #expect(error == .reservedParameters(["batch_size"]))
    }
}
