import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct KerasNamesTests {
    /// What is refused as of a later version is not what this version has, nor a mistake.
    @Test(
        arguments: [
            ("model", [["TFSMLayer": [:]]]), ("loss", "ce"), ("optimizer", "LossScaleOptimizer"),
            ("metrics", ["MeanTensor"]),
            ("model", [["Dense": ["units": 3, "activation": "threshold"]]]),
            ("model", [["Dense": ["units": 3, "bias_initializer": "stft"]]]),
        ] as [(String, JSON)]) func laterNamesAreToldAsSuch(field: String, value: JSON)
    {
        #expect(SmallJob.with(field, value).codes == [SpecError.notSupported])
    }
}
