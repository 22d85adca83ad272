import Formats
import OrderedCollections
import Testing

/// What a convolution's sums go through.
@Suite struct ConvolutionOutputTests {
    private func layer(_ more: JSON) throws -> LayerTrial {
        var config: JSON = ["filters": 2, "kernel_size": 1]
        for (name, value) in more.object ?? [:] { config[name] = value }
        return try LayerTrial("Conv1D", config)
    }

    @Test func biasAndActivation() throws {
        let variables = ["kernel": [1.0, -1], "bias": [0.5, 0.25]]
        try layer([:]).run([1, 2], [1, 2, 1], variables: variables).expect([1.5, -0.75, 2.5, -1.75])
        try layer(["activation": "relu"]).run([1, 2], [1, 2, 1], variables: variables).expect([1.5, 0, 2.5, 0])
        try layer(["use_bias": false]).run([1, 2], [1, 2, 1], variables: ["kernel": [1, -1]])
            .expect([1, -1, 2, -2])
    }

    @Test func biasHasItsInitializer() throws {
        let layer = try layer(["bias_initializer": ["class_name": "Constant", "config": ["value": 3]]])
        #expect(try layer.run([0], [1, 1, 1]).variables["bias"] == [3, 3])
    }

    @Test func penalties() throws {
        let variables = ["kernel": [1.0, -2], "bias": [3.0, 0]]
        let activity = try layer(["activity_regularizer": ["class_name": "L1", "config": ["l1": 0.5]]])
        // |4|, |-2| and |2|, |2|, halved, through two rows.
        #expect(try activity.run([1, -1], [2, 1, 1], variables: variables).penalty == 2.5)
        let bias = try layer(["bias_regularizer": ["class_name": "L2", "config": ["l2": 0.5]]])
        #expect(try bias.run([1, -1], [2, 1, 1], variables: variables).penalty == 4.5)
    }

    @Test func othersAreRefused() {
        func faults(_ name: String, _ value: JSON) -> [String] {
            LayerTrial.faults("Conv2D", ["filters": 1, "kernel_size": 1, name: value])
        }
        #expect(faults("lora_rank", 4) == ["/lora_rank: is not supported yet"])
        #expect(faults("lora_rank", nil) == [])
        #expect(faults("quantization_config", [:]) == ["/quantization_config: is not supported yet"])
        #expect(faults("activation", "swoosh").first?.hasPrefix("/activation: ") == true)
    }
}
