import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct ActivationTests {
    private func job(_ activation: JSON) -> SmallJob {
        SmallJob.with("model", [["Dense": ["units": 3, "input_shape": [2], "activation": activation]]])
    }

    private static let names = [
        "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "sigmoid", "hard_sigmoid", "tanh",
        "softmax", "log_softmax", "sparsemax", "softplus", "softsign", "exponential", "celu", "hard_shrink",
        "hard_silu",
        "hard_tanh", "log_sigmoid", "mish", "soft_shrink", "sparse_plus", "sparse_sigmoid", "squareplus",
        "tanh_shrink",
    ]

    @Test func eachIsAFunctionOfItsOwn() {
        let effects = Self.names.map { job(.string($0)).effect }
        #expect(!effects.contains(nil))
        #expect(Set(effects).count == effects.count)
        #expect(job(nil).effect == job("linear").effect)
        #expect(job("swish").effect == job("silu").effect)
        #expect(job("hard_swish").effect == job("hard_silu").effect)
        #expect(job(["class_name": "function", "config": "tanh"]).effect == job("tanh").effect)
    }

    /// Of −4, −0.75, −0.25, 0, 0.75 and 4.
    @Test(
        arguments: [
            ("celu", [-0.9816843611112658, -0.5276334472589853, -0.22119921692859512, 0, 0.75, 4]),
            ("hard_shrink", [-4, -0.75, 0, 0, 0.75, 4]),
            ("hard_silu", [0, -0.28125, -0.11458333333333333, 0, 0.46875, 4]),
            ("hard_tanh", [-1, -0.75, -0.25, 0, 0.75, 1]),
            (
                "log_sigmoid",
                [
                    -4.0181499279178094, -1.1368710061148999, -0.8259394198788434, -0.6931471805599453,
                    -0.3868710061148999, -0.0181499279178098,
                ]
            ),
            (
                "mish",
                [
                    -0.07259174079202535, -0.27649471450546514, -0.129926963679141, 0, 0.6100183352182934,
                    3.9974128069762385,
                ]
            ),
            ("soft_shrink", [-3.5, -0.25, 0, 0, 0.25, 3.5]),
            ("sparse_plus", [0, 0.015625, 0.140625, 0.25, 0.765625, 4]),
            ("sparse_sigmoid", [0, 0.125, 0.375, 0.5, 0.875, 1]),
            (
                "squareplus",
                [
                    0.2360679774997898, 0.6930004681646914, 0.8827822185373186, 1, 1.4430004681646914, 4.23606797749979,
                ]
            ),
            (
                "tanh_shrink",
                [
                    -3.000670700260933, -0.1148510476127127, -0.005081337596290869, 0, 0.1148510476127127,
                    3.000670700260933,
                ]
            ),
        ] as [(String, [Double])])
    func values(_ name: String, _ expected: [Double]) throws {
        let layer = try LayerTrial("Activation", ["activation": JSON(name)])
        try layer.run([-4, -0.75, -0.25, 0, 0.75, 4], [1, 6]).expect(expected)
    }

    /// By name in a layer, and as Keras writes it; `glu` is of half as many numbers as units.
    @Test func gluIsTaken() {
        for name in ["glu", ["class_name": "function", "config": "glu"]] as [JSON] {
            let job = SmallJob.with("model", [["Dense": ["units": 6, "input_shape": [2], "activation": name]]])
            #expect(job.faults == [])
        }
    }

    @Test func hardSigmoidIsOfItsVersion() throws {
        let config: JSON = ["activation": "hard_sigmoid"]
        try LayerTrial("Activation", config, .keras2).run([-2, 1, 2.75], [1, 3]).expect([0.1, 0.7, 1])
        try LayerTrial("Activation", config, .keras3).run([-2, 1, 2.75], [1, 3])
            .expect([1.0 / 6, 2.0 / 3, 0.9583333333333334])
    }

    @Test func othersAreRefused() {
        #expect(job("Relu").faults.first?.contains("did you mean \"relu\"?") == true)
        #expect(
            job("threshold").faults == [
                "/model/0/Dense/activation: activation threshold can't be used: its threshold and its value below are arguments "
                    + "that Keras keeps in no model's JSON; the layer ThresholdedReLU has its theta"
            ])
        #expect(job("threshold").codes == [SpecError.notSupported])
        #expect(job(7).faults == ["/model/0/Dense/activation: must be an activation by name or as an object, not 7"])
        #expect(
            job("a\u{202E}").faults == ["/model/0/Dense/activation: must not hold the bidirectional character U+202E"])
    }
}
