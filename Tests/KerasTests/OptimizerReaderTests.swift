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
        ), (["SGD": ["clipnorm": 1]], "/optimizer/SGD/clipnorm: is not supported yet"),
        (["SGD": ["use_ema": true]], "/optimizer/SGD/use_ema: is not supported yet"),
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
