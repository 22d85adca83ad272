import Formats
import Keras
import Testing

@Suite struct NoiseLayerTests {
    private static let many = LayerRun.Input(shape: [200, 50], numbers: .init(repeating: 2, count: 10_000))

    private static func moments(_ numbers: [Double]) -> (mean: Double, deviation: Double) {
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / Double(numbers.count)).squareRoot())
    }

    @Test func noiseIsAdded() throws {
        let (mean, deviation) = Self.moments(
            try LayerRun("GaussianNoise", ["stddev": 0.5], isTraining: true)([Self.many]).numbers)
        #expect(abs(mean - 2) < 0.03 && abs(deviation - 0.5) < 0.03, "\(mean) \(deviation)")
    }

    @Test func dropoutMultiplies() throws {
        // The deviation of the factors is √(0.2 / 0.8).
        let (mean, deviation) = Self.moments(
            try LayerRun("GaussianDropout", ["rate": 0.2], isTraining: true)([Self.many]).numbers)
        #expect(abs(mean - 2) < 0.05 && abs(deviation - 1) < 0.05, "\(mean) \(deviation)")
    }

    @Test func withoutNoiseNothingChanges() throws {
        for (run, isTraining) in [("GaussianNoise", false), ("GaussianDropout", false), ("GaussianNoise", true)] {
            let key = run == "GaussianNoise" ? "stddev" : "rate"
            let layer = try LayerRun(run, [key: isTraining ? 0 : 0.3, "seed": 1], isTraining: isTraining)
            let output = try layer([.init(shape: [1, 2], numbers: [1, 2], mask: [0, 1])])
            #expect(output.numbers == [1, 2])
            #expect(output.masks == [[0, 1]])
        }
    }

    @Test func refusals() {
        #expect(LayerRun.read("GaussianNoise", ["stddev": -1]).faults.count == 1)
        #expect(LayerRun.read("GaussianNoise").faults == ["/stddev: is required"])
        #expect(
            LayerRun.read("GaussianDropout", ["rate": 1]).faults == [
                "/rate: must be a number from 0 to below 1, not 1"
            ])
    }
}
