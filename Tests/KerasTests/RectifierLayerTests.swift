import Formats
import OrderedCollections
import Testing

@Suite struct RectifierLayerTests {
    @Test(
        arguments: [
            ("ReLU", [:], [0, 0, 0.5, 8.0]), ("ReLU", ["max_value": 6], [0, 0, 0.5, 6]),
            ("ReLU", ["max_value": 4], [0, 0, 0.5, 4]), ("ReLU", ["negative_slope": 0.25], [-0.5, 0, 0.5, 8]),
            ("ReLU", ["negative_slope": 0.25, "max_value": 4], [-0.5, 0, 0.5, 4]),
            ("ReLU", ["threshold": 1], [0, 0, 0, 8]),
            ("ReLU", ["threshold": 1, "negative_slope": 0.5], [-1.5, -0.5, -0.25, 8]),
            ("ReLU", ["threshold": 1, "negative_slope": 0.5, "max_value": 2], [-1.5, -0.5, -0.25, 2]),
            ("ReLU", ["max_value": nil, "negative_slope": 0, "threshold": 0], [0, 0, 0.5, 8]),
            ("LeakyReLU", [:], [-0.6, 0, 0.5, 8]), ("LeakyReLU", ["negative_slope": 0.5], [-1, 0, 0.5, 8]),
            ("LeakyReLU", ["alpha": 0.25], [-0.5, 0, 0.5, 8]),
            ("ELU", [:], [-0.8646647167633873, 0, 0.5, 8]), ("ELU", ["alpha": 2], [-1.7293294335267746, 0, 0.5, 8]),
            ("ThresholdedReLU", [:], [0, 0, 0, 8]), ("ThresholdedReLU", ["theta": 0.25], [0, 0, 0.5, 8]),
        ] as [(String, JSON, [Double])])
    func values(_ className: String, _ config: JSON, _ expected: [Double]) throws {
        let layer = try LayerTrial(className, config)
        #expect(try layer.shape([2, 2]) == [2, 2])
        try layer.run([-2, 0, 0.5, 8], [1, 4]).expect(expected)
    }

    @Test func whatKerasRefusesIsRefused() {
        for name in ["max_value", "negative_slope", "threshold"] {
            #expect(LayerTrial.faults("ReLU", [name: -1]).first?.hasPrefix("/\(name): must be ") == true)
        }
        #expect(LayerTrial.faults("ThresholdedReLU", ["theta": -1]).count == 1)
        #expect(
            LayerTrial.faults("LeakyReLU", ["slope": 1]).first?.hasPrefix("/slope: is not a known field") == true)
        #expect(LayerTrial.faults("ELU", ["alpha": "a"]) == ["/alpha: must be a finite number, not \"a\""])
    }
}
