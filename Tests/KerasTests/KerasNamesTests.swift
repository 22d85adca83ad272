import Formats
import Keras
import OrderedCollections
import TestSupport
import Testing

@Suite struct KerasNamesTests {
    @Test(arguments: [
        ("Dense", "dense"), ("MaxPooling2D", "max_pooling2d"), ("ReLU", "re_lu"), ("LSTM", "lstm"),
        ("GRUCell", "gru_cell"),
        ("Conv2DTranspose", "conv2d_transpose"), ("F1Score", "f1_score"), ("AUC", "auc"), ("R2Score", "r2_score"),
        ("", ""), ("A", "a"), ("already_snake", "already_snake"),
    ]) func namesAreThoseOfKeras(name: String, snake: String) { #expect(KerasNames.snakeCase(name) == snake) }

    /// Keras' `to_snake_case`: two regular expressions, one after the other.
    @Test(arguments: 1...3 as ClosedRange<UInt64>) func itAgreesWithKerasExpressions(seed: UInt64) {
        print("names of seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let letters = Array("ABCabc12")
        for _ in 0..<2000 {
            let name = String((0..<random.below(10)).map { _ in letters[random.below(letters.count)] })
            let wanted = name.replacing(/(.)([A-Z][a-z]+)/) { "\($0.1)_\($0.2)" }
                .replacing(/([a-z])([A-Z])/) { "\($0.1)_\($0.2)" }.lowercased()
            #expect(KerasNames.snakeCase(name) == wanted, "seed \(seed): \(name)")
        }
    }

    /// What is refused as of a later version is not what this version has, nor a mistake.
    @Test(
        arguments: [
            ("model", [["TFSMLayer": [:]]]), ("loss", "ctc"), ("optimizer", "LossScaleOptimizer"),
            ("metrics", ["ConcordanceCorrelation"]),
            ("model", [["Dense": ["units": 3, "activation": "sparsemax"]]]),
            ("model", [["Dense": ["units": 3, "bias_initializer": "stft"]]]),
        ] as [(String, JSON)]) func laterNamesAreToldAsSuch(field: String, value: JSON)
    {
        #expect(SmallJob.with(field, value).codes == [SpecError.notSupported])
    }
}
