import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct NormLayerTests {
    @Test(arguments: [KerasVersion.keras2, .keras3])
    func unitRows(_ version: KerasVersion) throws {
        let layer = try LayerTrial("UnitNormalization", [:], version)
        #expect(try layer.variables([2]) == [])
        try layer.run([3, 4, 0, 0], [2, 2]).expect([0.6, 0.8, 0, 0])
        try LayerTrial("UnitNormalization", ["axis": 1], version).run([3, 0, 4, 1], [1, 2, 2]).expect([0.6, 0, 0.8, 1])
        try LayerTrial("UnitNormalization", ["axis": [1, 2]], version).run([3, 0, 0, 4], [1, 2, 2])
            .expect([0.6, 0, 0, 0.8])
    }

    /// Keras 2 has a least square of the norm, 1e-12, Keras 3 a least norm.
    @Test func smallRows() throws {
        let numbers = [1e-7, 0]
        try LayerTrial("UnitNormalization", [:], .keras2).run(numbers, [1, 2]).expect([0.1, 0])
        try LayerTrial("UnitNormalization", [:], .keras3).run(numbers, [1, 2]).expect([1, 0])
    }

    @Test func meanSquares() throws {
        let layer = try LayerTrial("RMSNormalization", ["epsilon": 0])
        #expect(try layer.variables([3, 2]) == ["scale [2]"])
        // The mean square of 1 and 7 is 25.
        try layer.run([1, 7], [1, 2], variables: ["scale": [1, 10]]).expect([0.2, 14])
        let unit = 1 / 1.000001.squareRoot()
        try LayerTrial("RMSNormalization").run([1, -1], [1, 2]).expect([unit, -unit])
    }

    @Test func othersAreRefused() throws {
        for name in ["UnitNormalization", "RMSNormalization"] {
            #expect(LayerTrial.faults(name, ["axis": []]) == ["/axis: must name at least one axis"])
            #expect(try LayerTrial(name, ["axis": 2]).refusal([3])?.hasPrefix("/axis: [2] are not axes") == true)
        }
        #expect(
            LayerTrial.faults("UnitNormalization", ["order": 2]).first?.hasPrefix("/order: is not a known field")
                == true)
    }
}
