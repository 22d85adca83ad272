import Formats
import OrderedCollections
import Testing

@Suite struct TransposedConvolutionLayerTests {
    private func layer(_ more: JSON) throws -> LayerTrial {
        var config: JSON = ["filters": 1, "kernel_size": 3]
        for (name, value) in more.object ?? [:] { config[name] = value }
        return try LayerTrial("Conv1DTranspose", config)
    }

    @Test func variablesAndShapes() throws {
        let layer = try LayerTrial("Conv2DTranspose", ["filters": 5, "kernel_size": [3, 2], "strides": 2])
        #expect(try layer.variables([4, 4, 3]) == ["kernel [3, 2, 5, 3]", "bias [5]"])
        #expect(try layer.shape([4, 4, 3]) == [9, 8, 5])
        let three = try LayerTrial("Conv3DTranspose", ["filters": 2, "kernel_size": 1])
        #expect(try three.shape([4, 4, 4, 3]) == [4, 4, 4, 2])
    }

    /// 1 and 2 by a kernel of 1, 10 and 100.
    @Test(
        arguments: [
            ([:], [1.0, 12, 120, 200]), (["strides": 2], [1, 10, 102, 20, 200]),
            (["strides": 2, "padding": "same"], [1, 10, 102, 20]), (["padding": "same"], [12, 120]),
            (["strides": 2, "output_padding": 1], [1, 10, 102, 20, 200, 0]),
            (["strides": 2, "output_padding": 0, "padding": "same"], [10, 102, 20]),
            (["strides": 2, "output_padding": [1], "padding": "same"], [1, 10, 102, 20]),
            (["strides": 4], [1, 10, 100, 0, 2, 20, 200, 0]), (["dilation_rate": 2], [1, 2, 10, 20, 100, 200]),
        ] as [(JSON, [Double])])
    func extendsAnAxis(_ more: JSON, _ expected: [Double]) throws {
        let outcome = try layer(more).run([1, 2], [1, 2, 1], variables: ["kernel": [1, 10, 100], "bias": [0]])
        outcome.expect(expected)
    }

    @Test func channelsAreTheLastAxisOfTheKernel() throws {
        let layer = try LayerTrial("Conv1DTranspose", ["filters": 3, "kernel_size": 1, "activation": "relu"])
        let outcome = try layer.run(
            [1, 2], [1, 1, 2], variables: ["kernel": [1, 10, 2, 20, -3, 30], "bias": [0, 0.5, -100]])
        outcome.expect([21, 42.5, 0])
    }

    @Test func impossibleOutputsAreRefused() {
        func faults(_ config: JSON, _ className: String = "Conv2DTranspose") -> [String] {
            LayerTrial.faults(className, config)
        }
        #expect(
            faults(["filters": 1, "kernel_size": 3, "strides": [2, 1], "output_padding": 1]) == [
                "/output_padding: must be less than the strides, [2, 1], not 1"
            ])
        #expect(
            faults(["filters": 1, "kernel_size": 2, "strides": 2, "output_padding": 0, "padding": "same"]) == [
                "/output_padding: must be at least 1 for a kernel that covers an even number of cells and padding "
                    + "\"same\": TensorFlow makes no such output; leave it out, or give padding \"valid\""
            ])
        #expect(faults(["filters": 1, "kernel_size": 3, "groups": 2]) == ["/groups: is not supported yet"])
        #expect(
            faults(["filters": 1, "kernel_size": 3, "dilation_rate": 2], "Conv3DTranspose") == [
                "/dilation_rate: is not supported yet"
            ])
        #expect(faults(["filters": 1, "kernel_size": 3, "dilation_rate": [1, 1, 1]], "Conv3DTranspose") == [])
        #expect(
            faults(["filters": 1, "kernel_size": 3, "padding": "causal"], "Conv1DTranspose") == [
                "/padding: must be one of \"valid\" and \"same\", not \"causal\""
            ])
    }

    @Test func sizesSaturate() throws {
        let layer = try LayerTrial("Conv1DTranspose", ["filters": 1, "kernel_size": 1, "strides": 2_147_483_647])
        #expect(try layer.shape([.max, 1])[0] == .max)
    }
}
