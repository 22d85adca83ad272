import Formats
import Keras
import Testing

@Suite struct MaskingLayerTests {
    @Test func stepsOfTheValueAloneAreLeftOut() throws {
        let output = try LayerRun("Masking")(
            [.init(shape: [1, 3, 2], numbers: [0, 0, 0, 5, -1, 0])], upstreams: [[1, 1, 1, 1, 1, 1]])
        #expect(output.numbers == [0, 0, 0, 5, -1, 0])
        #expect(output.masks == [[0, 1, 1]])
        #expect(output.gradients["x0"] == [0, 0, 1, 1, 1, 1])
    }

    @Test func theValueMayBeAnother() throws {
        let output = try LayerRun("Masking", ["mask_value": -1])([.init(shape: [2, 2, 1], numbers: [-1, 0, 3, -1])])
        #expect(output.numbers == [0, 0, 3, 0])
        #expect(output.masks == [[0, 1, 1, 0]])
    }

    @Test func rowsAreStepsOfNumbers() throws {
        let run = try LayerRun("Masking")
        #expect(run.refusal([[4, 2]]) == nil)
        #expect(run.refusal([[4]])?.contains("rows of shape [4] are not supported") == true)
        #expect(run.refusal([[4, 2, 2]]) != nil)
    }
}
