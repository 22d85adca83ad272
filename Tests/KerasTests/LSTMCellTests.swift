import Formats
import Graph
import Keras
import Testing

@Suite struct LSTMCellTests {
    private func bias(_ config: JSON) throws -> [Double] {
        let variable = try #require(try LayerRun("LSTM", config).layer.plan([[3, 1]], .tensors()).variables.last)
        return variable.initializer.value(type: TensorType(.float32, Shape(variable.shape)), seed: 1, name: "b").doubles
    }

    @Test func theForgetGateStartsOpen() throws {
        #expect(try bias(["units": 2]) == [0, 0, 1, 1, 0, 0, 0, 0])
        #expect(try bias(["units": 1, "bias_initializer": ["Constant": ["value": 3]]]) == [3, 1, 3, 3])
        #expect(try bias(["units": 2, "unit_forget_bias": false]) == [Double](repeating: 0, count: 8))
        #expect(try bias(["units": 1, "bias_initializer": "ones"]) == [1, 1, 1, 1])
    }

    @Test func otherBiasesAreRefusedBesideOnes() throws {
        let config: JSON = ["units": 2, "bias_initializer": "random_normal"]
        let fault = LayerRun.read("LSTM", config).faults.first
        #expect(fault?.contains("/bias_initializer: is not supported beside") == true)
        #expect(try bias(["units": 2, "bias_initializer": "random_normal", "unit_forget_bias": false]).count == 8)
        #expect(
            LayerRun.read("LSTM", ["units": 2, "bias_initializer": "random_normal", "use_bias": false]).faults == [])
    }
}
