import Formats
import OrderedCollections
import Testing

@Suite struct ScheduleReaderTests {
    private func job(_ schedule: JSON) -> SmallJob { SmallJob.with("optimizer", ["SGD": ["learning_rate": schedule]]) }

    private static let exponential: JSON = ["decay_steps": 10, "decay_rate": 0.5]

    private static func with(_ rate: String, _ members: JSON) -> JSON {
        var members = members
        members[rate] = 0.1
        return members
    }

    /// Ways to write the same: what is not said is the default, and TensorFlow 1's functions are Keras' classes.
    @Test func sameSchedules() {
        let exponential = Self.with("initial_learning_rate", Self.exponential)
        let polynomial: JSON = ["initial_learning_rate": 0.1, "decay_steps": 10]
        let cosine: JSON = ["initial_learning_rate": 0.1, "decay_steps": 10]
        let restarts: JSON = ["initial_learning_rate": 0.1, "first_decay_steps": 10]
        let same: [(JSON, JSON)] = [
            (
                ["ExponentialDecay": exponential],
                [
                    "module": "keras.optimizers.schedules", "class_name": "ExponentialDecay",
                    "config": [
                        "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5, "staircase": false,
                        "name": nil,
                    ], "registered_name": nil,
                ]
            ),
            (
                ["ExponentialDecay": exponential],
                ["exponential_decay": Self.with("learning_rate", Self.exponential)]
            ),
            (
                ["PolynomialDecay": polynomial],
                [
                    "polynomial_decay": [
                        "learning_rate": 0.1, "decay_steps": 10, "end_learning_rate": 0.0001, "power": 1,
                        "cycle": false,
                    ]
                ]
            ), (["CosineDecay": cosine], ["cosine_decay": ["learning_rate": 0.1, "decay_steps": 10, "alpha": 0]]),
            (
                ["CosineDecay": cosine],
                [
                    "CosineDecay": [
                        "initial_learning_rate": 0.1, "decay_steps": 10, "warmup_target": nil, "warmup_steps": 0,
                    ]
                ]
            ),
            (
                ["CosineDecayRestarts": restarts],
                [
                    "cosine_decay_restarts": [
                        "learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 2, "m_mul": 1, "alpha": 0,
                    ]
                ]
            ),
            (
                ["PiecewiseConstantDecay": ["boundaries": [1], "values": [1, 2]]],
                ["piecewise_constant": ["boundaries": [1], "values": [1, 2]]]
            ),
        ]
        for (left, right) in same {
            #expect(job(left).effect != nil, "\(left.text)")
            #expect(job(left).effect == job(right).effect, "\(left.text)")
        }
    }

    @Test func everyNumberActs() {
        let exponential = Self.with("learning_rate", Self.exponential)
        func changed(_ name: String, _ value: JSON) -> JSON {
            var members = exponential
            members[name] = value
            return members
        }
        let polynomial: JSON = ["learning_rate": 0.1, "decay_steps": 10]
        let warm: JSON = ["initial_learning_rate": 0.1, "decay_steps": 10]
        func with(_ members: JSON, _ more: [(String, JSON)]) -> JSON {
            var members = members
            for (name, value) in more { members[name] = value }
            return members
        }
        let different: [JSON] = [
            0.1, ["exponential_decay": exponential], ["exponential_decay": changed("learning_rate", 0.2)],
            ["exponential_decay": changed("decay_steps", 20)], ["exponential_decay": changed("decay_rate", 0.2)],
            ["exponential_decay": changed("staircase", true)], ["inverse_time_decay": exponential],
            ["inverse_time_decay": changed("staircase", true)], ["natural_exp_decay": exponential],
            ["natural_exp_decay": changed("staircase", true)], ["polynomial_decay": polynomial],
            ["polynomial_decay": with(polynomial, [("end_learning_rate", 0.05)])],
            ["polynomial_decay": with(polynomial, [("power", 2)])],
            ["polynomial_decay": with(polynomial, [("cycle", true)])],
            ["warmup_polynomial": with(polynomial, [("warmup_steps", 5)])],
            ["warmup_polynomial": with(polynomial, [("warmup_steps", 7)])], ["CosineDecay": warm],
            ["CosineDecay": with(warm, [("alpha", 0.5)])],
            ["CosineDecay": with(warm, [("warmup_target", 0.5), ("warmup_steps", 3)])],
            ["CosineDecay": with(warm, [("warmup_target", 0.5), ("warmup_steps", 4)])],
            ["cosine_decay_restarts": ["learning_rate": 0.1, "first_decay_steps": 10]],
            ["cosine_decay_restarts": ["learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 1]],
            ["cosine_decay_restarts": ["learning_rate": 0.1, "first_decay_steps": 10, "m_mul": 0.5]],
            ["cosine_decay_restarts": ["learning_rate": 0.1, "first_decay_steps": 10, "alpha": 0.5]],
            ["linear_cosine_decay": polynomial],
            ["linear_cosine_decay": with(polynomial, [("num_periods", 2)])],
            ["linear_cosine_decay": with(polynomial, [("alpha", 0.5)])],
            ["linear_cosine_decay": with(polynomial, [("beta", 0.5)])],
            ["piecewise_constant": ["boundaries": [1, 2], "values": [1, 2, 3]]],
            ["piecewise_constant": ["boundaries": [1, 3], "values": [1, 2, 3]]],
        ]
        let effects = different.map { job($0).effect }
        #expect(!effects.contains(nil))
        #expect(Set(effects).count == effects.count)
    }

    static let wrong: [(JSON, String)] = [
        (
            ["ExponentialDecay": ["decay_steps": 1, "decay_rate": 1]],
            "ExponentialDecay/initial_learning_rate: is required"
        ),
        (
            ["exponential_decay": ["learning_rate": 1, "decay_steps": 0, "decay_rate": 1]],
            "exponential_decay/decay_steps: must be a positive number, not 0"
        ),
        (
            ["CosineDecay": ["initial_learning_rate": 1, "decay_steps": 5, "warmup_steps": 3]],
            "CosineDecay/warmup_steps: needs warmup_target, the rate that the warm-up ends at"
        ),
        (
            ["cosine_decay": ["learning_rate": 1, "decay_steps": 5, "warmup_target": 3]],
            "cosine_decay/warmup_target: is not a known field"
        ),
        (
            ["PiecewiseConstantDecay": ["boundaries": [2, 1], "values": [1, 2, 3]]],
            "PiecewiseConstantDecay/boundaries: must ascend"
        ),
        (
            ["PiecewiseConstantDecay": ["boundaries": [1, 2], "values": [1, 2]]],
            "PiecewiseConstantDecay/values: must have one element more than boundaries, 3, not 2"
        ),
        (
            ["cosine_decay_restarts": ["learning_rate": 1, "first_decay_steps": 5, "t_mul": 0.5]],
            "cosine_decay_restarts/t_mul: must be a number of at least 1, not 0.5"
        ),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let (schedule, fault) = Self.wrong[index]
        #expect(job(schedule).faults == ["/optimizer/SGD/learning_rate/\(fault)"])
    }

    @Test func laterOnesAreToldAsSuch() {
        #expect(job(["noisy_linear_cosine_decay": [:]]).codes == [SpecError.notSupported])
    }

    @Test func oldDecayBesideASchedule() {
        let schedule: JSON = ["piecewise_constant": ["boundaries": [1], "values": [1, 2]]]
        #expect(
            SmallJob.with("optimizer", ["SGD": ["learning_rate": schedule, "decay": 0.5]]).faults
                == ["/optimizer/SGD/decay: can't be given together with a schedule, which says it all"])
    }
}
