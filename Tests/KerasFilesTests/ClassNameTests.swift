import KerasFiles
import TestSupport
import Testing

@Suite struct ClassNameTests {
    @Test(arguments: [
        ("Dense", "dense"), ("MaxPooling2D", "max_pooling2d"), ("ReLU", "re_lu"), ("LSTM", "lstm"),
        ("GRUCell", "gru_cell"),
        ("Conv2DTranspose", "conv2d_transpose"), ("F1Score", "f1_score"), ("AUC", "auc"), ("R2Score", "r2_score"),
        ("", ""), ("A", "a"), ("already_snake", "already_snake"),
    ]) func namesAreThoseOfKeras(name: String, snake: String) { #expect(ClassName.snakeCase(name) == snake) }

    /// Keras' `to_snake_case`: two regular expressions, one after the other.
    @Test(arguments: 1...3 as ClosedRange<UInt64>) func itAgreesWithKerasExpressions(seed: UInt64) {
        print("names of seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let letters = Array("ABCabc12")
        for _ in 0..<2000 {
            let name = String((0..<random.below(10)).map { _ in letters[random.below(letters.count)] })
            let wanted = name.replacing(/(.)([A-Z][a-z]+)/) { "\($0.1)_\($0.2)" }
                .replacing(/([a-z])([A-Z])/) { "\($0.1)_\($0.2)" }.lowercased()
            #expect(ClassName.snakeCase(name) == wanted, "seed \(seed): \(name)")
        }
    }

    @Test func operatorsAreOfTheirModules() {
        #expect(ClassName.isOperator(module: "keras.src.ops.numpy") && ClassName.isOperator(module: "keras.ops.nn"))
        #expect(!ClassName.isOperator(module: "keras.layers") && !ClassName.isOperator(module: nil))
    }
}
