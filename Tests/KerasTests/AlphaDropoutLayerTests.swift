import Formats
import Keras
import Testing

@Suite struct AlphaDropoutLayerTests {
    /// Normally distributed numbers keep their mean and variance.
    @Test func momentsStay() throws {
        var normal = try LayerRun("GaussianNoise", ["stddev": 1], isTraining: true)
        // Other numbers than those that drop.
        normal.seed = 8
        let source = try normal(
            [.init(shape: [200, 50], numbers: .init(repeating: 0, count: 10_000))]
        ).numbers
        let output = try LayerRun("AlphaDropout", ["rate": 0.3], isTraining: true)(
            [.init(shape: [200, 50], numbers: source)]
        ).numbers
        let mean = output.reduce(0, +) / 10_000
        let variance = output.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10_000
        #expect(abs(mean) < 0.05 && abs(variance - 1) < 0.08, "\(mean) \(variance)")
    }

    @Test func droppedNumbersAreTheLowerBound() throws {
        let run = try LayerRun("AlphaDropout", ["rate": 0.5, "noise_shape": [nil, 1]], isTraining: true)
        let numbers = Set(try run([.init(shape: [40, 2], numbers: .init(repeating: 0, count: 80))]).numbers)
        // a · bound + b and b for a bound of −1.7581, a = (0.5 · (1 + 0.5 · bound²))^−½ and b = −a · bound / 2.
        let (bound, a) = (-1.7580993408473766, 0.8864049)
        #expect(numbers.count == 2)
        #expect(abs((numbers.min() ?? 0) - a * bound / 2) < 1e-3, "\(numbers)")
        #expect(abs((numbers.max() ?? 0) + a * bound / 2) < 1e-3, "\(numbers)")
    }

    @Test func evaluationChangesNothing() throws {
        let input = LayerRun.Input(shape: [1, 2], numbers: [1, 2])
        #expect(try LayerRun("AlphaDropout", ["rate": 0.5, "seed": 1])([input]).numbers == [1, 2])
        #expect(try LayerRun("AlphaDropout", ["rate": 0], isTraining: true)([input]).numbers == [1, 2])
        #expect(LayerRun.read("AlphaDropout", ["rate": 1]).faults.count == 1)
        #expect(LayerRun.read("AlphaDropout").faults == ["/rate: is required"])
    }
}
