import Formats
import OrderedCollections
import Testing

/// The keys of windows, by the layers that have one.
@Suite struct SlidingWindowTests {
    private func convolution(_ key: String, _ value: JSON, _ className: String = "Conv2D") -> [String] {
        var config: JSON = ["filters": 1, "kernel_size": 3]
        config[key] = value
        return LayerTrial.faults(className, config)
    }

    private func pool(_ key: String, _ value: JSON) -> [String] { LayerTrial.faults("MaxPooling2D", [key: value]) }

    @Test func oneNumberIsForAllAxes() throws {
        let one = try LayerTrial("Conv2D", ["filters": 1, "kernel_size": 3, "strides": 2])
        let two = try LayerTrial("Conv2D", ["filters": 1, "kernel_size": [3, 3], "strides": [2, 2]])
        for row in [[7, 9, 1], [8, 8, 1]] { #expect(try one.shape(row) == two.shape(row)) }
        #expect(try one.shape([7, 9, 1]) == [3, 4, 1])
    }

    @Test(
        arguments: [
            ("valid", 1, 1, [5, 1]), ("VALID", 1, 1, [5, 1]), ("same", 1, 1, [7, 1]), ("causal", 1, 1, [7, 1]),
            ("valid", 2, 1, [3, 1]), ("same", 2, 1, [4, 1]), ("causal", 2, 1, [4, 1]), ("same", 3, 1, [3, 1]),
            ("valid", 1, 2, [3, 1]), ("same", 1, 2, [7, 1]), ("causal", 1, 2, [7, 1]), ("valid", 1, 3, [1, 1]),
        ] as [(String, Int, Int, [Int])])
    func places(_ padding: String, _ strides: Int, _ dilation: Int, _ shape: [Int]) throws {
        let layer = try LayerTrial(
            "Conv1D",
            [
                "filters": 1, "kernel_size": 3, "padding": JSON(padding), "strides": JSON(strides),
                "dilation_rate": JSON(dilation),
            ])
        #expect(try layer.shape([7, 1]) == shape)
    }

    @Test func poolsStepByTheirExtents() throws {
        #expect(try LayerTrial("MaxPooling2D").shape([7, 8, 3]) == [3, 4, 3])
        #expect(try LayerTrial("MaxPooling2D", ["pool_size": [3, 2]]).shape([7, 8, 3]) == [2, 4, 3])
        #expect(try LayerTrial("MaxPooling2D", ["pool_size": [3, 2], "strides": nil]).shape([7, 8, 3]) == [2, 4, 3])
        #expect(try LayerTrial("MaxPooling2D", ["pool_size": 3, "strides": [1, 2]]).shape([7, 8, 3]) == [5, 3, 3])
        #expect(try LayerTrial("MaxPooling2D", ["padding": "same"]).shape([7, 8, 3]) == [4, 4, 3])
    }

    @Test func wrongNumbersAreFaults() {
        #expect(LayerTrial.faults("Conv2D", ["filters": 1]) == ["/kernel_size: is required"])
        #expect(
            convolution("kernel_size", 0) == [
                "/kernel_size: must be a whole number from 1 to 2147483647, not 0"
            ])
        #expect(convolution("kernel_size", [3]) == ["/kernel_size: must have 2 elements, not 1"])
        #expect(convolution("strides", "a").first?.hasPrefix("/strides: must be a whole number") == true)
        #expect(convolution("strides", [1, -1]).first?.hasPrefix("/strides/1: must be a whole number") == true)
        #expect(convolution("dilation_rate", 0).first?.hasPrefix("/dilation_rate: must be a whole number") == true)
        #expect(
            convolution("kernel_size", 2_000_000_000) == [
                "/kernel_size: and dilation_rate make a kernel that covers more than 1073741824 cells"
            ])
        #expect(pool("pool_size", 0) == ["/pool_size: must be a whole number from 1 to 1073741824, not 0"])
        #expect(pool("strides", [2, 2, 2]) == ["/strides: must have 2 elements, not 3"])
    }

    @Test func stridesAndDilationDoNotGoTogether() {
        let config: JSON = ["filters": 1, "kernel_size": 3, "strides": [1, 2], "dilation_rate": [2, 1]]
        #expect(
            LayerTrial.faults("Conv2D", config) == [
                "/dilation_rate: must be 1 where strides are more than 1: Keras has either of them, not both"
            ])
    }

    @Test func otherPaddingsAreRefused() {
        #expect(
            convolution("padding", "causal") == [
                "/padding: must be one of \"valid\" and \"same\", not \"causal\""
            ])
        #expect(
            LayerTrial.faults("Conv1D", ["filters": 1, "kernel_size": 1, "padding": "full"]) == [
                "/padding: must be one of \"valid\", \"same\" and \"causal\", not \"full\""
            ])
        #expect(pool("padding", "causal") == ["/padding: must be one of \"valid\" and \"same\", not \"causal\""])
        #expect(pool("padding", 3) == ["/padding: must be a string, not 3"])
    }

    @Test func rowsMustHaveTheirAxes() throws {
        let layer = try LayerTrial("Conv2D", ["filters": 1, "kernel_size": [3, 5]])
        #expect(
            layer.refusal([28, 28])
                == ": l (Conv2D) takes rows of 3 axes, the last of them the channels, but its rows have the shape [28, 28]"
        )
        #expect(
            layer.refusal([0, 8, 1])
                == ": l (Conv2D) takes rows of at least one cell along each axis, not [0, 8, 1]")
        #expect(
            layer.refusal([3, 4, 1])
                == ": l (Conv2D) covers 5 cells along axis 2, but rows of shape [3, 4, 1] have 4: make it smaller, or "
                + "give padding \"same\"")
        #expect(layer.refusal([3, 5, 1]) == nil)
    }
}
