import Formats
import OrderedCollections
import Testing

@Suite struct SoftmaxLayerTests {
    /// Powers of two by their logarithms.
    private func logs(_ powers: [Double]) -> [Double] { powers.map { $0 * 0.6931471805599453 } }

    @Test func alongAnAxis() throws {
        try LayerTrial("Softmax").run(logs([0, 1, 0, 0]), [1, 2, 2]).expect([1.0 / 3, 2.0 / 3, 0.5, 0.5])
        try LayerTrial("Softmax", ["axis": 1]).run(logs([0, 1, 0, 0]), [1, 2, 2]).expect([0.5, 2.0 / 3, 0.5, 1.0 / 3])
    }

    @Test func alongSeveral() throws {
        for axes in [[1, 2], [-1, -2]] as [JSON] {
            try LayerTrial("Softmax", ["axis": axes]).run(logs([0, 1, 0, 2]), [1, 2, 2])
                .expect([0.125, 0.25, 0.125, 0.5])
        }
    }

    @Test func whatIsMaskedIsNothing() throws {
        let mask = LayerTrial.Batch([1, 0, 1], [1, 3])
        try LayerTrial("Softmax").run(logs([0, 5, 1]), [1, 3], mask: mask).expect([1.0 / 3, 0, 2.0 / 3])
    }

    @Test func othersAreRefused() throws {
        #expect(LayerTrial.faults("Softmax", ["axis": []]) == ["/axis: must name at least one axis"])
        #expect(try LayerTrial("Softmax", ["axis": 0]).refusal([2])?.hasPrefix("/axis: [0] are not axes") == true)
        #expect(try LayerTrial("Softmax").refusal([])?.hasPrefix("/axis: ") == true)
    }
}
