import Formats
import OrderedCollections
import Testing

@Suite struct OptimizerReaderTests {
    /// Ways to write the same optimizer: what is not said is Keras' or TensorFlow's default.
    static let same: [(JSON, JSON)] = [
        ("sgd", ["SGD": ["learning_rate": 0.01, "momentum": 0, "nesterov": false]]),
        ("SGD", ["class_name": "SGD", "config": ["learning_rate": 0.01]]),
        (["SGD": ["lr": 0.2]], ["SGD": ["learning_rate": 0.2]]), (["SGD": nil], "sgd"),
        (
            "adam",
            ["Adam": ["learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "amsgrad": false]]
        ),
        (
            ["AdamOptimizer": [:]],
            ["AdamOptimizer": ["learning_rate": 0.001, "beta1": 0.9, "beta_2": 0.999, "epsilon": 1e-8]]
        ),
        (
            ["MomentumOptimizer": ["learning_rate": 0.1, "momentum": 0.5]],
            ["MomentumOptimizer": ["learning_rate": 0.1, "momentum": 0.5, "use_nesterov": false]]
        ),
        (["SGD": ["learning_rate": 0.1, "weight_decay": nil, "use_ema": false]], ["SGD": ["learning_rate": 0.1]]),
        ("ADAM", "Adam"), ("RMSProp", "rmsprop"),
        (
            "rmsprop",
            ["RMSprop": ["learning_rate": 0.001, "rho": 0.9, "momentum": 0, "epsilon": 1e-7, "centered": false]]
        ), ("adamax", ["Adamax": ["learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7]]),
        ("nadam", ["Nadam": ["learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7]]),
        (
            "adagrad",
            ["Adagrad": ["learning_rate": 0.001, "initial_accumulator_value": 0.1, "epsilon": 1e-7]]
        ), ("adadelta", ["Adadelta": ["learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-7]]),
        (
            "ftrl",
            [
                "Ftrl": [
                    "learning_rate": 0.001, "learning_rate_power": -0.5, "initial_accumulator_value": 0.1,
                    "l1_regularization_strength": 0, "l2_regularization_strength": 0,
                    "l2_shrinkage_regularization_strength": 0, "beta": 0,
                ]
            ]
        ), ("lion", ["Lion": ["learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.99]]),
        ("lamb", ["Lamb": ["learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7]]),
        (
            "adafactor",
            [
                "Adafactor": [
                    "learning_rate": 0.001, "beta_2_decay": -0.8, "epsilon_1": 1e-30, "epsilon_2": 0.001,
                    "clip_threshold": 1, "relative_step": false,
                ]
            ]
        ),
        (
            ["RMSPropOptimizer": ["learning_rate": 1]],
            [
                "RMSPropOptimizer": [
                    "learning_rate": 1, "decay": 0.9, "momentum": 0, "epsilon": 1e-10, "centered": false,
                    "use_locking": true,
                ]
            ]
        ),
        (
            ["AdagradOptimizer": ["learning_rate": 1]],
            ["AdagradOptimizer": ["learning_rate": 1, "initial_accumulator_value": 0.1]]
        ), ("AdadeltaOptimizer", ["AdadeltaOptimizer": ["learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-8]]),
        (
            ["FtrlOptimizer": ["learning_rate": 1]],
            ["FtrlOptimizer": ["learning_rate": 1, "learning_rate_power": -0.5, "beta": 0]]
        ),
        (
            ["AdamWeightDecayOptimizer": ["learning_rate": 1]],
            [
                "AdamWeightDecayOptimizer": [
                    "learning_rate": 1, "weight_decay_rate": 0, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-6,
                    "exclude_from_weight_decay": nil,
                ]
            ]
        ),
    ]

    @Test(arguments: same.indices) func isTheSame(_ index: Int) {
        let (left, right) = Self.same[index]
        let effect = SmallJob.with("optimizer", left).effect
        #expect(effect != nil)
        #expect(effect == SmallJob.with("optimizer", right).effect)
    }

    /// Every number acts.
    static let different: [JSON] = [
        "sgd", ["SGD": ["learning_rate": 0.02]], ["SGD": ["momentum": 0.5]],
        ["SGD": ["momentum": 0.5, "nesterov": true]],
        ["SGD": ["decay": 0.5]], "adam", ["Adam": ["beta_1": 0.5]], ["Adam": ["beta_2": 0.5]],
        ["Adam": ["epsilon": 1e-3]],
        ["Adam": ["amsgrad": true]], ["AdamOptimizer": [:]], ["GradientDescentOptimizer": ["learning_rate": 0.5]],
        ["MomentumOptimizer": ["learning_rate": 0.5, "momentum": 0.5]],
        ["MomentumOptimizer": ["learning_rate": 0.5, "momentum": 0.5, "use_nesterov": true]],
        "adamw", "adamax", ["Adamax": ["beta_1": 0.5]], ["Adamax": ["beta_2": 0.5]], ["Adamax": ["epsilon": 1]],
        "nadam", ["Nadam": ["beta_1": 0.5]], ["Nadam": ["beta_2": 0.5]], ["Nadam": ["epsilon": 1]], "rmsprop",
        ["RMSprop": ["rho": 0.5]], ["RMSprop": ["momentum": 0.5]], ["RMSprop": ["epsilon": 1]],
        ["RMSprop": ["centered": true]], ["Adagrad": ["epsilon": 1]], "adadelta", ["Adadelta": ["rho": 0.5]],
        ["Adadelta": ["epsilon": 1]], "ftrl", ["Ftrl": ["learning_rate_power": -0.25]],
        ["Ftrl": ["l1_regularization_strength": 1]], ["Ftrl": ["l2_regularization_strength": 1]],
        ["Ftrl": ["l2_shrinkage_regularization_strength": 1]], ["Ftrl": ["beta": 1]], "lion",
        ["Lion": ["beta_1": 0.5]], ["Lion": ["beta_2": 0.5]], "lamb", ["Lamb": ["beta_1": 0.5]],
        ["Lamb": ["beta_2": 0.5]], ["Lamb": ["epsilon": 1]], "adafactor", ["Adafactor": ["beta_2_decay": -0.5]],
        ["Adafactor": ["epsilon_1": 1]], ["Adafactor": ["epsilon_2": 1]], ["Adafactor": ["clip_threshold": 2]],
        ["AdagradOptimizer": ["learning_rate": 0.5]], "AdadeltaOptimizer",
        ["RMSPropOptimizer": ["learning_rate": 0.5]], ["RMSPropOptimizer": ["learning_rate": 0.5, "decay": 0.5]],
        ["RMSPropOptimizer": ["learning_rate": 0.5, "momentum": 0.5]],
        ["RMSPropOptimizer": ["learning_rate": 0.5, "centered": true]], ["FtrlOptimizer": ["learning_rate": 0.5]],
        ["AdamWeightDecayOptimizer": ["learning_rate": 0.5]],
        ["AdamWeightDecayOptimizer": ["learning_rate": 0.5, "weight_decay_rate": 0.5]],
        [
            "AdamWeightDecayOptimizer": [
                "learning_rate": 0.5, "weight_decay_rate": 0.5, "exclude_from_weight_decay": ["bias"],
            ]
        ],
    ]

    @Test func everyNumberActs() {
        let effects = Self.different.map { SmallJob.with("optimizer", $0).effect }
        #expect(!effects.contains(nil))
        #expect(Set(effects).count == effects.count)
    }

    static let wrong: [(JSON, String)] = [
        (["SGD": ["learning_rate": -1]], "/optimizer/SGD/learning_rate: must be a number of at least 0, not -1"),
        (["SGD": ["momentum": 1.01]], "/optimizer/SGD/momentum: must be a number from 0 to 1, not 1.01"),
        (["Adam": ["beta_1": 1]], "/optimizer/Adam/beta_1: must be a number from 0 to below 1, not 1"),
        (["Adam": ["amsgrad": 1]], "/optimizer/Adam/amsgrad: must be true or false, not 1"),
        (["GradientDescentOptimizer": [:]], "/optimizer/GradientDescentOptimizer/learning_rate: is required"),
        (
            ["MomentumOptimizer": ["learning_rate": 1]], "/optimizer/MomentumOptimizer/momentum: is required"
        ), (["Ftrl": ["learning_rate_power": 1]], "/optimizer/Ftrl/learning_rate_power: must be at most 0, not 1.0"),
        (["Lion": ["beta_1": 0]], "/optimizer/Lion/beta_1: must be a positive number of at most 1, not 0"),
        (
            ["RMSprop": ["decay": 0]],
            "/optimizer/RMSprop/decay: is not supported yet: it is a mark of Keras' optimizers before 2.11, where RMSprop "
                + "has another formula"
        ), (["AdagradOptimizer": [:]], "/optimizer/AdagradOptimizer/learning_rate: is required"),
        (
            ["AdamWeightDecayOptimizer": ["learning_rate": 1, "exclude_from_weight_decay": ["(a+)+$"]]],
            "/optimizer/AdamWeightDecayOptimizer/exclude_from_weight_decay: must be texts that variables' names hold, "
                + "with ^ for a name's beginning and $ for its end; other regular expressions are not supported yet"
        ),
        (7, "/optimizer: must be an optimizer by name or as an object, not 7"),
        (["SGD": 7], "/optimizer/SGD: must be an object, not 7"),
        (
            ["class_name": "Mine", "module": "my.code", "config": [:]],
            "/optimizer/registered_name: my.code.Mine is a class of the user's own; its code is not in the JSON"
        ),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        #expect(SmallJob.with("optimizer", Self.wrong[index].0).faults == [Self.wrong[index].1])
    }
}
