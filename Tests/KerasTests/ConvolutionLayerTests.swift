import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct ConvolutionLayerTests {
    private func config(_ more: JSON = [:]) -> JSON {
        var config: JSON = ["filters": 1, "kernel_size": 2]
        for (name, value) in more.object ?? [:] { config[name] = value }
        return config
    }

    @Test func variablesAndShapes() throws {
        let layer = try LayerTrial("Conv2D", ["filters": 8, "kernel_size": [3, 5], "padding": "same"])
        #expect(try layer.variables([6, 7, 2]) == ["kernel [3, 5, 2, 8]", "bias [8]"])
        #expect(try layer.shape([6, 7, 2]) == [6, 7, 8])
        let one = try LayerTrial("Conv1D", ["filters": 4, "kernel_size": 3, "groups": 2, "use_bias": false])
        #expect(try one.variables([6, 4]) == ["kernel [3, 2, 4]"])
        let three = try LayerTrial("Conv3D", ["filters": 2, "kernel_size": [1, 2, 3]])
        #expect(try three.variables([4, 4, 4, 3]) == ["kernel [1, 2, 3, 3, 2]", "bias [2]"])
        #expect(try three.shape([4, 4, 4, 3]) == [4, 3, 2, 2])
        #expect(try LayerTrial("Convolution2D", ["filters": 1, "kernel_size": 1]).shape([2, 2, 1]) == [2, 2, 1])
    }

    /// Sums of five steps by a kernel of 1 and 10.
    @Test(
        arguments: [
            ([:], [21.0, 32, 43, 54]), (["padding": "same"], [21, 32, 43, 54, 5]),
            (["padding": "causal"], [10, 21, 32, 43, 54]), (["padding": "same", "strides": 2], [21, 43, 5]),
            (["padding": "causal", "strides": 2], [10, 32, 54]), (["strides": 3], [21, 54]),
            (["dilation_rate": 2], [31, 42, 53]), (["dilation_rate": 2, "padding": "same"], [20, 31, 42, 53, 4]),
            (["dilation_rate": 2, "padding": "causal"], [10, 20, 31, 42, 53]),
        ] as [(JSON, [Double])])
    func alongOneAxis(_ more: JSON, _ expected: [Double]) throws {
        let layer = try LayerTrial("Conv1D", config(more))
        let outcome = try layer.run([1, 2, 3, 4, 5], [1, 5, 1], variables: ["kernel": [1, 10], "bias": [0]])
        outcome.expect(expected)
    }

    @Test func alongTwoAxes() throws {
        let variables = ["kernel": [1.0, 10, 100, 1000], "bias": [0.5]]
        let valid = try LayerTrial("Conv2D", config())
        try valid.run([1, 2, 3, 4], [1, 2, 2, 1], variables: variables).expect([4321.5])
        let same = try LayerTrial("Conv2D", config(["padding": "same"]))
        try same.run([1, 2, 3, 4], [1, 2, 2, 1], variables: variables).expect([4321.5, 402.5, 43.5, 4.5])
    }

    @Test func groupsSeeTheirChannels() throws {
        let layer = try LayerTrial("Conv1D", ["filters": 2, "kernel_size": 1, "groups": 2])
        // Filter 0 takes channels 0 and 1 by 1 and 10, filter 1 channels 2 and 3 by 100 and 1000.
        let outcome = try layer.run(
            [1, 2, 3, 4], [1, 1, 4], variables: ["kernel": [1, 100, 10, 1000], "bias": [0, 0]])
        outcome.expect([21, 4300])
    }

    @Test func groupsMustDivide() throws {
        #expect(
            LayerTrial.faults("Conv2D", ["filters": 6, "kernel_size": 1, "groups": 4]) == [
                "/groups: must divide the number of filters, 6, not 4"
            ])
        let layer = try LayerTrial("Conv2D", ["filters": 6, "kernel_size": 1, "groups": 3])
        #expect(
            layer.refusal([2, 2, 4]) == "/groups: must divide the channels of l's input, 4, not 3")
        #expect(LayerTrial.faults("Conv2D", ["kernel_size": 1]) == ["/filters: is required"])
        #expect(
            LayerTrial.faults("Conv2D", ["filters": 0, "kernel_size": 1]) == [
                "/filters: must be a positive whole number, not 0"
            ])
    }

    @Test func sizesSaturate() throws {
        let layer = try LayerTrial("Conv2D", ["filters": JSON(Int.max), "kernel_size": 1_000_000])
        #expect(layer.refusal([1_000_000, 1_000_000, 3]) == nil)
        let job = SmallJob.with(
            "model",
            [
                ["Conv2D": ["filters": JSON(Int.max), "kernel_size": 1, "input_shape": [2, 2, 1]]], "Flatten",
                ["Dense": ["units": 3]],
            ]
        ).with(features: [2, 2, 1])
        #expect(job.faults.count == 1)
        #expect(job.faults.first?.contains("more than 2147483648 numbers") == true)
    }

    @Test func keysOfBothVersionsAreKnown() {
        let common: JSON = [
            "filters": 2, "kernel_size": [3, 3], "strides": [1, 1], "padding": "valid",
            "data_format": "channels_last", "dilation_rate": [1, 1], "groups": 1, "activation": "linear",
            "use_bias": true, "kernel_initializer": "glorot_uniform", "bias_initializer": "zeros",
            "kernel_regularizer": nil, "bias_regularizer": nil, "activity_regularizer": nil,
            "kernel_constraint": nil, "bias_constraint": nil,
        ]
        #expect(LayerTrial.faults("Conv2D", common, .keras2) == [])
        #expect(LayerTrial.faults("Conv2D", common, .keras3) == [])
        #expect(
            LayerTrial.faults("Conv2D", ["filters": 1, "kernel_size": 1, "filter": 3]) == [
                "/filter: is not a known field; did you mean \"filters\"?"
            ])
    }
}
