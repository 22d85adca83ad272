import Formats
import Keras
import OrderedCollections
import Testing

/// `early_stopping` and `run_config.keep_best`.
@Suite struct EvaluationRulesTests {
    private func job(stopping: JSON = nil, best: JSON = nil, everySteps: JSON = 1) -> SmallJob {
        var job = SmallJob()
        job.spec["early_stopping"] = stopping
        job.spec["run_config"] = ["keep_best": best]
        job.spec["evaluate"]?["every_steps"] = everySteps
        return job
    }

    @Test func defaults() throws {
        let job = try #require(
            job(stopping: ["monitor": "accuracy", "patience": 3], best: ["mode": "max", "count": 2]).definition)
        #expect(
            job.canonical["early_stopping"]
                == ["monitor": "accuracy", "mode": "max", "patience": 3, "min_delta": 0.0])
        #expect(job.canonical["run_config"]?["keep_best"] == ["monitor": "loss", "mode": "max", "count": 2])
        #expect(try #require(SmallJob().definition).canonical["early_stopping"] == .null)
        #expect(try #require(SmallJob().definition).canonical["run_config"]?["keep_best"] == .null)
    }

    /// A document with every default is read as it is.
    @Test func canonicalIsTaken() throws {
        let first = try #require(job(stopping: ["monitor": "accuracy"], best: [:]).definition)
        var again = SmallJob()
        again.spec = .object(first.canonical)
        #expect(try #require(again.definition).canonical == first.canonical)
    }

    @Test(
        arguments: [
            (["patience": -1], ["/early_stopping/patience: must be a whole number from 0 to 9007199254740991, not -1"]),
            (["min_delta": -0.5], ["/early_stopping/min_delta: must be a number of at least 0, not -0.5"]),
            (["mode": "up"], ["/early_stopping/mode: must be one of \"auto\", \"min\" or \"max\", not \"up\""]),
            (["patienc": 1], ["/early_stopping/patienc: is not a known field; did you mean \"patience\"?"]),
            (3, ["/early_stopping: must be an object such as {\"monitor\":\"accuracy\",\"mode\":\"max\"}, not 3"]),
            (
                ["monitor": "val_accuracy"],
                [
                    "/early_stopping/monitor: must be a number of the evaluations, one of \"loss\", \"accuracy\", not "
                        + "\"val_accuracy\"; take Keras' val_ off: \"accuracy\""
                ]
            ),
            (
                ["monitor": "acuracy"],
                [
                    "/early_stopping/monitor: must be a number of the evaluations, one of \"loss\", \"accuracy\", not "
                        + "\"acuracy\"; did you mean \"accuracy\"?"
                ]
            ),
        ] as [(JSON, [String])]) func faults(stopping: JSON, faults: [String])
    {
        #expect(job(stopping: stopping).faults.prefix(1) == faults[...])
    }

    @Test func bestFaults() {
        #expect(
            job(best: ["monitor": "auc", "count": 0]).faults == [
                "/run_config/keep_best/count: must be a whole number from 1 to 1000, not 0",
                "/run_config/keep_best/monitor: must be a number of the evaluations, one of \"loss\", \"accuracy\", not "
                    + "\"auc\"",
            ])
    }

    @Test func needsEvaluations() {
        #expect(
            job(stopping: [:], everySteps: nil).faults == [
                "/early_stopping: counts evaluations, and there is only the one at the end: give evaluate.every_steps"
            ])
        var training = job(stopping: [:], best: [:])
        training.spec["mode"] = "train"
        training.spec["evaluate"] = nil
        let why =
            "needs evaluations beside training, which the mode \"train\" does not have: expected the mode "
            + "\"train_and_evaluate\""
        #expect(training.faults == ["/run_config/keep_best: \(why)", "/early_stopping: \(why)"])
    }

    /// A job whose structure was built is accepted with any rules.
    @Test func structureIsTheSame() throws {
        let plain = try #require(job().definition), ruled = try #require(job(stopping: [:], best: [:]).definition)
        #expect(plain.structure == ruled.structure)
    }
}
