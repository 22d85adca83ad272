import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct OptimizerOptionsTests {
    private func job(_ members: JSON, _ className: String = "SGD") -> SmallJob {
        SmallJob.with("optimizer", .object([className: members]))
    }

    /// Numbers that Keras prints whatever they are.
    @Test func idleOnes() {
        let all: JSON = [
            "name": "SGD", "weight_decay": nil, "clipnorm": nil, "global_clipnorm": nil, "clipvalue": nil,
            "use_ema": false, "ema_momentum": 0.9, "ema_overwrite_frequency": 100, "jit_compile": true,
            "is_legacy_optimizer": false, "loss_scale_factor": nil, "gradient_accumulation_steps": nil,
            "learning_rate": 0.01,
        ]
        #expect(job(all).effect == job([:]).effect)
        #expect(job(all).effect != nil)
        #expect(job(["weight_decay": 0]).effect == job([:]).effect)
    }

    @Test func everyOptionActs() {
        let options: [JSON] = [
            [:], ["weight_decay": 0.1], ["weight_decay": 0.2], ["clipnorm": 1], ["clipnorm": 2], ["global_clipnorm": 1],
            ["clipvalue": 1], ["use_ema": true], ["use_ema": true, "ema_momentum": 0.5],
            ["use_ema": true, "ema_overwrite_frequency": 7], ["use_ema": true, "jit_compile": false],
            ["gradient_accumulation_steps": 2], ["gradient_accumulation_steps": 3], ["loss_scale_factor": 2],
            ["gradient_accumulation_steps": 2, "use_ema": true], ["weight_decay": 0.1, "clipnorm": 1],
        ]
        for className in ["SGD", "Adam", "Lion"] {
            let effects = options.map { job($0, className).effect }
            #expect(!effects.contains(nil))
            #expect(Set(effects).count == effects.count)
        }
        #expect(job(["weight_decay": 0.004], "AdamW").effect == job([:], "AdamW").effect)
        #expect(job(["weight_decay": 0.004], "Adam").effect == job([:], "AdamW").effect)
        #expect(job([:], "AdamW").effect != job([:], "Adam").effect)
    }

    /// Keras 2 uses the first of several limits in the order clipnorm, global_clipnorm, clipvalue.
    @Test func severalLimits() {
        let words = "can't be given together with clipnorm: give one of clipnorm, global_clipnorm and clipvalue"
        #expect(job(["clipnorm": 1, "clipvalue": 2]).faults == ["/optimizer/SGD/clipvalue: \(words)"])
        func keras2(_ members: JSON) -> String? {
            var members = members
            members["is_legacy_optimizer"] = false
            return job(members).effect
        }
        #expect(keras2(["clipvalue": 2, "clipnorm": 1, "global_clipnorm": 3]) == job(["clipnorm": 1]).effect)
        #expect(keras2(["clipvalue": 2, "global_clipnorm": 3]) == job(["global_clipnorm": 3]).effect)
    }

    static let wrong: [(JSON, String)] = [
        (["clipnorm": 0], "SGD/clipnorm: must be a positive number, not 0"),
        (["weight_decay": -1], "SGD/weight_decay: must be a number of at least 0, not -1"),
        (["use_ema": true, "ema_momentum": 2], "SGD/ema_momentum: must be a number from 0 to 1, not 2"),
        (
            ["ema_overwrite_frequency": 0],
            "SGD/ema_overwrite_frequency: must be a whole number from 1 to 2147483647, not 0"
        ),
        (
            ["gradient_accumulation_steps": 1],
            "SGD/gradient_accumulation_steps: must be a whole number from 2 to 2147483647, not 1"
        ), (["loss_scale_factor": 0], "SGD/loss_scale_factor: must be a positive number, not 0"),
        (["is_legacy_optimizer": true], "SGD/is_legacy_optimizer: is not supported yet"),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        #expect(job(Self.wrong[index].0).faults == ["/optimizer/\(Self.wrong[index].1)"])
    }

    @Test func decayOfAdamWIsANumber() {
        #expect(
            job(["weight_decay": nil], "AdamW").faults
                == [
                    "/optimizer/AdamW/weight_decay: must be a number of at least 0, not null; leave it out for 0.004"
                ])
    }

    /// The variables become their averages after the last step, which has to be known.
    @Test func averagesNeedAnEnd() {
        var job = job(["use_ema": true])
        let effect = job.effect
        job.spec["train"] = ["max_steps": 2, "input": SmallJob.input]
        #expect(job.effect != effect)
        job.spec["train"] = ["input": ["source": SmallJob.input["source"] ?? nil, "repeat": 1]]
        #expect(
            job.faults == [
                "/optimizer/SGD/use_ema: needs train.max_steps or train.steps: after the last step the variables become "
                    + "their averages"
            ])
    }

    /// What is wrong with the section is told once, and nothing of an end where nothing is trained.
    @Test func averagesAskNoMoreThanAnEnd() {
        var job = job(["use_ema": true])
        job.spec["train"] = ["max_steps": "x", "input": SmallJob.input]
        #expect(job.faults.count == 1)
        #expect(job.faults.first?.hasPrefix("/train/max_steps: ") == true)
        #expect(OptimizerOptions.End(nil) == .none)
        #expect(OptimizerOptions.End(["steps": 3]) == .step(3))
        #expect(OptimizerOptions.End(["steps": nil, "max_steps": 4]) == .step(4))
        #expect(OptimizerOptions.End([:]) == .input)
    }

    /// TensorFlow 1's optimizers have none of them.
    @Test func notForTensorFlow() {
        #expect(
            job(["learning_rate": 1, "clipnorm": 1], "GradientDescentOptimizer").faults
                == ["/optimizer/GradientDescentOptimizer/clipnorm: is not a known field"])
    }
}
