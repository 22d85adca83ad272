import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct DepthwiseConvolutionLayerTests {
    @Test func variablesAreNamedAsTheVersionDoes() throws {
        let config: JSON = ["kernel_size": [3, 2], "depth_multiplier": 2]
        let new = try LayerTrial("DepthwiseConv2D", config)
        #expect(try new.variables([5, 5, 3]) == ["kernel [3, 2, 3, 2]", "bias [6]"])
        #expect(try new.shape([5, 5, 3]) == [3, 4, 6])
        let old = try LayerTrial("DepthwiseConv2D", config, .keras2)
        #expect(try old.variables([5, 5, 3]) == ["depthwise_kernel [3, 2, 3, 2]", "bias [6]"])
    }

    @Test func eachChannelHasItsKernels() throws {
        let layer = try LayerTrial("DepthwiseConv1D", ["kernel_size": 1, "depth_multiplier": 2])
        let outcome = try layer.run(
            [1, 2], [1, 1, 2], variables: ["kernel": [1, 10, 100, 1000], "bias": [0, 0, 0, 0.5]])
        outcome.expect([1, 10, 200, 2000.5])
    }

    @Test func slides() throws {
        let layer = try LayerTrial("DepthwiseConv1D", ["kernel_size": 2, "padding": "same", "strides": 2], .keras2)
        let outcome = try layer.run(
            [1, 1, 2, 2, 3, 3], [1, 3, 2], variables: ["depthwise_kernel": [1, 2, 10, 20], "bias": [0, 0]])
        outcome.expect([21, 42, 3, 6])
    }

    @Test func keysOfBothVersionsAreKnown() {
        let common: JSON = [
            "kernel_size": [3, 3], "strides": [1, 1], "padding": "valid", "data_format": "channels_last",
            "dilation_rate": [1, 1], "activation": "linear", "use_bias": true, "bias_initializer": "zeros",
            "bias_regularizer": nil, "activity_regularizer": nil, "bias_constraint": nil, "depth_multiplier": 1,
            "depthwise_initializer": "glorot_uniform", "depthwise_regularizer": nil, "depthwise_constraint": nil,
        ]
        #expect(LayerTrial.faults("DepthwiseConv2D", common) == [])
        var old = common
        old["groups"] = 1
        #expect(LayerTrial.faults("DepthwiseConv2D", old, .keras2) == [])
    }

    @Test func othersAreRefused() {
        #expect(
            LayerTrial.faults("DepthwiseConv2D", ["kernel_size": 1, "groups": 2]) == ["/groups: is not supported yet"])
        #expect(
            LayerTrial.faults("DepthwiseConv2D", ["kernel_size": 1, "depth_multiplier": 0]) == [
                "/depth_multiplier: must be a whole number from 1 to 2147483647, not 0"
            ])
        #expect(
            LayerTrial.faults("DepthwiseConv1D", ["kernel_size": 1, "padding": "causal"]) == [
                "/padding: must be one of \"valid\" and \"same\", not \"causal\""
            ])
    }
}
