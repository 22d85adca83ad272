import Formats
import Graph
import Keras
import OrderedCollections
import Testing

/// Initializers, regularizers and constraints of a layer's variables.
@Suite struct VariableSettingsTests {
    private let config: JSON = [
        "filters": 1, "kernel_size": 1,
        "kernel_initializer": ["class_name": "Constant", "config": ["value": -3]],
        "kernel_regularizer": ["class_name": "L2", "config": ["l2": 0.5]], "kernel_constraint": "non_neg",
        "bias_initializer": "ones",
    ]

    @Test func eachVariableHasItsOwn() throws {
        let variables = try LayerTrial("Conv1D", config).layer.plan([[2, 1]], .tensors()).variables
        #expect(variables.map(\.initializer) == [.constant(-3), .constant(1)])
        #expect(variables.map(\.regularizer) == [.norms(l1: 0, l2: 0.5), nil])
        #expect(variables.map(\.constraint) == [.nonNegative, nil])
    }

    @Test func theyAct() throws {
        let outcome = try LayerTrial("Conv1D", config).run([2], [1, 1, 1])
        outcome.expect([-5])
        #expect(outcome.penalty == 4.5)
    }

    @Test func defaultsAreKeras() throws {
        let layer = try LayerTrial("Conv1D", ["filters": 1, "kernel_size": 1]).layer
        let variables = try layer.plan([[2, 1]], .tensors()).variables
        #expect(variables.map(\.initializer) == [.glorotUniform, .zeros])
    }

    @Test func othersAreRefused() {
        for key in ["kernel_initializer", "bias_regularizer", "kernel_constraint"] {
            let faults = LayerTrial.faults("Conv1D", ["filters": 1, "kernel_size": 1, key: "nonsense"])
            #expect(faults.count == 1)
            #expect(faults.first?.hasPrefix("/\(key): \"nonsense\"") == true, "\(faults)")
        }
    }
}
