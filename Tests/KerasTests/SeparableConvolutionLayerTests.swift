import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct SeparableConvolutionLayerTests {
    @Test func variablesAndShapes() throws {
        let layer = try LayerTrial(
            "SeparableConv2D", ["filters": 5, "kernel_size": 3, "depth_multiplier": 2, "strides": 2])
        #expect(
            try layer.variables([7, 8, 3])
                == ["depthwise_kernel [3, 3, 3, 2]", "pointwise_kernel [1, 1, 6, 5]", "bias [5]"])
        #expect(try layer.shape([7, 8, 3]) == [3, 3, 5])
        let one = try LayerTrial("SeparableConv1D", ["filters": 5, "kernel_size": 3, "use_bias": false])
        #expect(try one.variables([7, 3]) == ["depthwise_kernel [3, 3, 1]", "pointwise_kernel [1, 3, 5]"])
    }

    @Test func channelsAreMixedLast() throws {
        let layer = try LayerTrial("SeparableConv1D", ["filters": 1, "kernel_size": 1, "depth_multiplier": 2])
        let outcome = try layer.run(
            [1, 2], [1, 1, 2],
            variables: ["depthwise_kernel": [1, 10, 100, 1000], "pointwise_kernel": [1, 1, 1, -1], "bias": [0.5]])
        outcome.expect([1 + 10 + 200 - 2000 + 0.5])
    }

    @Test func strided() throws {
        let layer = try LayerTrial(
            "SeparableConv1D", ["filters": 1, "kernel_size": 2, "padding": "causal", "strides": 2])
        let outcome = try layer.run(
            [1, 2, 3], [1, 3, 1],
            variables: ["depthwise_kernel": [1, 10], "pointwise_kernel": [2], "bias": [0]])
        outcome.expect([20, 64])
    }

    @Test func keysOfBothVersionsAreKnown() {
        let new: JSON = [
            "filters": 2, "kernel_size": [3, 3], "strides": [1, 1], "padding": "valid",
            "data_format": "channels_last", "dilation_rate": [1, 1], "activation": "linear", "use_bias": true,
            "bias_initializer": "zeros", "bias_regularizer": nil, "activity_regularizer": nil,
            "bias_constraint": nil, "depth_multiplier": 1, "depthwise_initializer": "glorot_uniform",
            "depthwise_regularizer": nil, "depthwise_constraint": nil, "pointwise_initializer": "glorot_uniform",
            "pointwise_regularizer": nil, "pointwise_constraint": nil,
        ]
        #expect(LayerTrial.faults("SeparableConv2D", new) == [])
        var old = new
        old["groups"] = 1
        old["kernel_initializer"] = "glorot_uniform"
        old["kernel_regularizer"] = nil
        old["kernel_constraint"] = nil
        #expect(LayerTrial.faults("SeparableConv2D", old, .keras2) == [])
    }

    @Test func penaltiesThatKerasForgetsAreRefused() {
        #expect(
            LayerTrial.faults(
                "SeparableConv2D", ["filters": 1, "kernel_size": 1, "kernel_regularizer": "l2"], .keras2) == [
                    "/kernel_regularizer: is not supported yet: Keras makes nothing of it; see depthwise_ and pointwise_"
                ])
    }
}
