import Formats
import OrderedCollections
import Testing

@Suite struct RearrangingLayersTests {
    @Test func reshape() throws {
        let layer = try LayerTrial("Reshape", ["target_shape": [3, 2]])
        #expect(try layer.shape([6]) == [3, 2])
        try layer.run([1, 2, 3, 4, 5, 6], [1, 2, 3]).expect([1, 2, 3, 4, 5, 6])
        #expect(try LayerTrial("Reshape", ["target_shape": [-1, 2]]).shape([3, 4]) == [6, 2])
        #expect(try LayerTrial("Reshape", ["target_shape": [-1]]).run([1, 2, 3, 4], [2, 2, 1]).shape == [2, 2])
        #expect(try LayerTrial("Reshape", ["target_shape": []]).shape([1]) == [])
    }

    @Test func impossibleReshapesAreRefused() throws {
        #expect(
            try LayerTrial("Reshape", ["target_shape": [3, 2]]).refusal([7])
                == "/target_shape: [3, 2] takes 6 numbers, but a row of l's input has the shape [7], which is 7")
        #expect(
            try LayerTrial("Reshape", ["target_shape": [-1, 2]]).refusal([7])
                == "/target_shape: [-1, 2] takes a multiple of 2 numbers, but a row of l's input has the shape [7], "
                + "which is 7")
        for target in [[-1, -1], [0, 2]] as [JSON] {
            #expect(
                LayerTrial.faults("Reshape", ["target_shape": target]).first?.hasPrefix(
                    "/target_shape: must have extents of at least 1, and at most one -1 that follows from them, not ")
                    == true)
        }
        #expect(LayerTrial.faults("Reshape", [:]) == ["/target_shape: is required"])
        #expect(LayerTrial.faults("Reshape", ["target_shape": [-2]]).count == 1)
    }

    @Test func permute() throws {
        let layer = try LayerTrial("Permute", ["dims": [2, 1]])
        #expect(try layer.shape([2, 3]) == [3, 2])
        try layer.run([1, 2, 3, 4, 5, 6], [1, 2, 3]).expect([1, 4, 2, 5, 3, 6])
        #expect(try LayerTrial("Permute", ["dims": [3, 1, 2]]).shape([4, 5, 6]) == [6, 4, 5])
        #expect(
            layer.refusal([2, 3, 4])
                == "/dims: [2, 1] is an order of 2 axes, but a row of l's input has the shape [2, 3, 4]")
        #expect(
            LayerTrial.faults("Permute", ["dims": [1, 3]]) == [
                "/dims: must name each axis of a row once, from 1 to 2, not [1, 3]"
            ])
        #expect(LayerTrial.faults("Permute", ["dims": [0, 1]]).count == 1)
    }

    @Test func repeatVector() throws {
        let layer = try LayerTrial("RepeatVector", ["n": 3])
        #expect(try layer.shape([2]) == [3, 2])
        try layer.run([1, 2, 3, 4], [2, 2]).expect([1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4])
        #expect(
            layer.refusal([2, 2]) == ": l (RepeatVector) takes rows of one axis, but its rows have the shape [2, 2]")
        #expect(LayerTrial.faults("RepeatVector", [:]) == ["/n: is required"])
    }
}
