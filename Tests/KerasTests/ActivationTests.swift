import Formats
import OrderedCollections
import Testing

@Suite struct ActivationTests {
    private func job(_ activation: JSON) -> SmallJob {
        SmallJob.with("model", [["Dense": ["units": 3, "input_shape": [2], "activation": activation]]])
    }

    private static let names = [
        "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "sigmoid", "hard_sigmoid", "tanh",
        "softmax",
        "log_softmax", "softplus", "softsign", "exponential",
    ]

    @Test func eachIsAFunctionOfItsOwn() {
        let effects = Self.names.map { job(.string($0)).effect }
        #expect(!effects.contains(nil))
        #expect(Set(effects).count == effects.count)
        #expect(job(nil).effect == job("linear").effect)
        #expect(job("swish").effect == job("silu").effect)
        #expect(job(["class_name": "function", "config": "tanh"]).effect == job("tanh").effect)
    }

    @Test func othersAreRefused() {
        #expect(job("Relu").faults.first?.contains("did you mean \"relu\"?") == true)
        #expect(job(7).faults == ["/model/0/Dense/activation: must be an activation by name or as an object, not 7"])
        #expect(
            job("a\u{202E}").faults == ["/model/0/Dense/activation: must not hold the bidirectional character U+202E"])
    }
}
