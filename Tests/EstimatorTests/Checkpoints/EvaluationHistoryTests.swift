import Estimator
import Testing

/// What a row of evaluations means.
@Suite struct EvaluationHistoryTests {
    private func history(_ values: [Double?], _ rule: EarlyStopping) -> EvaluationHistory {
        var history = EvaluationHistory()
        for (place, value) in values.enumerated() where history.stoppedAt == nil {
            history.add(ReportedSeries.Evaluation(step: 10 * (place + 1), values: ["loss": value]), for: rule)
        }
        return history
    }

    /// The steps at which Keras' `EarlyStopping` stops, for the same numbers as its epochs' ones.
    @Test(
        arguments: [
            ([3, 2, 1, 0], .min, 1, 0, nil), ([3, 2, 2, 1], .min, 1, 0, 30), ([3, 2, 2, 1], .min, 2, 0, nil),
            ([3, 4, 2, 3, 3], .min, 2, 0, 50), ([1, 2, 3], .min, 2, 0, 30), ([1, 2], .max, 1, 0, nil),
            ([1, 2, 2.05, 2.1], .max, 2, 0.1, 40), ([1, 2, 2.05, 2.2], .max, 2, 0.1, nil),
            // Without patience the first that is not better ends it, but never the first of all.
            ([2, 1, 1], .min, 0, 0, 30), ([nil], .min, 0, 0, nil), ([nil, nil], .min, 0, 0, 20),
            ([1, .nan, .nan], .min, 2, 0, 30), ([nil, 5, 4], .min, 2, 0, nil), ([1, .infinity], .max, 1, 0, 20),
            // A change of exactly the least one does not count.
            ([1, 0.5, 0], .min, 1, 0.5, 20),
        ] as [([Double?], MonitoredNumber.Mode, Int, Double, Int?)])
    func stops(values: [Double?], mode: MonitoredNumber.Mode, patience: Int, minDelta: Double, step: Int?) {
        let rule = EarlyStopping(
            monitored: MonitoredNumber(name: "loss", mode: mode), patience: patience, minDelta: minDelta)
        let history = history(values, rule)
        #expect(history.stoppedAt == step)
        #expect((history.reason(rule) == nil) == (step == nil))
    }

    @Test func reasons() {
        let rule = EarlyStopping(monitored: MonitoredNumber(name: "loss", mode: .min), patience: 2, minDelta: 0.5)
        #expect(
            history([3, 2, 1.75, 1.5], rule).reason(rule)
                == "Stopped early at step 40: loss has not fallen below 2.0, its value at step 20, by more than 0.5 in the "
                + "last 2 evaluations.")
        #expect(
            history([nil, .nan], rule).reason(rule)
                == "Stopped early at step 20: loss was not finite in the last 2 evaluations.")
        let impatient = EarlyStopping(monitored: MonitoredNumber(name: "loss", mode: .max), patience: 1)
        #expect(
            history([3, 2], impatient).reason(impatient)
                == "Stopped early at step 20: loss has not risen above 3.0, its value at step 10, in the last evaluation."
        )
    }

    /// The best stay, of equals the earlier one; an evaluation that is made again counts once.
    @Test func best() {
        var history = EvaluationHistory()
        func add(_ step: Int, _ value: Double?, count: Int = 2) -> Bool {
            history.add(
                ReportedSeries.Evaluation(step: step, values: ["accuracy": value]),
                for: BestCheckpoints(monitored: MonitoredNumber(name: "accuracy", mode: .max), count: count))
        }
        #expect(!add(10, nil) && !add(20, .nan) && history.isEmpty)
        #expect(add(30, 0.5) && add(40, 0.5))
        #expect(!add(50, 0.5) && !add(60, 0.1))
        #expect(add(70, 0.7) && history.kept.map(\.step) == [70, 30])
        #expect(add(70, 0.7) && history.kept.map(\.step) == [70, 30])
        #expect(add(80, 0.9, count: 1) && history.kept.map(\.step) == [80])
    }

    /// A checkpoint's state holds it, and one without is the same as one of a job that has none.
    @Test func itComesBackFromACheckpoint() throws {
        let histories = [
            EvaluationHistory(),
            EvaluationHistory(count: 3, wait: 2, best: .init(step: 10, value: 0.1), stoppedAt: 30),
            EvaluationHistory(kept: [.init(step: 20, value: 1e-300), .init(step: 10, value: -3)]),
        ]
        for history in histories {
            let state = SavedState(globalStep: 40, consumedBatches: 40, seed: 1, evaluations: history)
            let bytes = CheckpointEncoding.state(state)
            #expect(CheckpointEncoding.state(parsing: bytes) == state)
            #expect(String(decoding: bytes, as: UTF8.self).contains("evaluations") == !history.isEmpty)
        }
    }

    @Test(
        arguments: [
            #""evaluations": 3"#, #""evaluations": {"count": -1}"#, #""evaluations": {"wait": "x"}"#,
            #""evaluations": {"best": {"step": -1, "value": 1}}"#, #""evaluations": {"stopped_at": -3}"#,
            #""evaluations": {"kept": [{"step": 1}]}"#,
        ]) func whatIsNone(member: String)
    {
        let text = #"{"version": 1, "global_step": 4, "data": {"consumed_batches": 4}, "seed": 1, "#
        #expect(CheckpointEncoding.state(parsing: Array("\(text)\(member)}".utf8)) == nil)
        #expect(
            CheckpointEncoding.state(parsing: Array("\(text)\"evaluations\": {}}".utf8))?.evaluations.isEmpty == true)
    }
}
