import Estimator
import Formats

/// What a job makes of its evaluations: `early_stopping` and `run_config.keep_best`.
struct EvaluationRules {
    /// `early_stopping` as it is given.
    struct Stopping {
        let monitor: MonitorSetting
        let patience: Int
        let minDelta: Double
    }

    /// `keep_best` as it is given.
    struct Best {
        let monitor: MonitorSetting
        let count: Int
    }

    /// When evaluations end the training; nil: never.
    private(set) var earlyStopping: EarlyStopping?
    /// Which checkpoints stay because of them; nil: none.
    private(set) var bestCheckpoints: BestCheckpoints?

    /// The documents with every default.
    var canonicalStopping: JSON {
        .optional(earlyStopping) {
            [
                "monitor": JSON($0.monitored.name), "mode": JSON($0.monitored.mode.rawValue),
                "patience": JSON($0.patience),
                "min_delta": JSON($0.minDelta),
            ]
        }
    }
    var canonicalBest: JSON {
        .optional(bestCheckpoints) {
            [
                "monitor": JSON($0.monitored.name), "mode": JSON($0.monitored.mode.rawValue), "count": JSON($0.count),
            ]
        }
    }

    /// Reads `early_stopping`; nil where it is not given.
    static func stopping(_ reader: ObjectReader, _ mode: JobDefinition.Mode?) -> Stopping? {
        guard let object = section(reader, "early_stopping", mode) else { return nil }
        let monitor = MonitorSetting(object)
        let patience = object.int("patience", default: 0, in: 0...SpecLimit.count)
        let minDelta = object.double("min_delta", default: 0, in: .notNegative)
        object.finish()
        if mode != nil, let evaluation = reader.value("evaluate")?.object, evaluation["every_steps"]?.isNull ?? true {
            object.fault("counts evaluations, and there is only the one at the end: give evaluate.every_steps")
        }
        return Stopping(monitor: monitor, patience: patience, minDelta: minDelta)
    }

    /// Reads `keep_best` of `run_config`; nil where it is not given.
    static func best(_ reader: ObjectReader, _ mode: JobDefinition.Mode?) -> Best? {
        guard let object = section(reader, "keep_best", mode) else { return nil }
        let monitor = MonitorSetting(object)
        let count = object.int("count", default: 1, in: 1...1000)
        object.finish()
        return Best(monitor: monitor, count: count)
    }

    private static func section(_ reader: ObjectReader, _ name: String, _ mode: JobDefinition.Mode?) -> ObjectReader? {
        guard let object = reader.object(name, example: ["monitor": "accuracy", "mode": "max"]) else { return nil }
        if let mode, mode != .trainAndEvaluate {
            reader.fault(
                name,
                "needs evaluations beside training, which the mode \"\(mode.rawValue)\" does not have: expected the mode "
                    + "\"train_and_evaluate\"")
            return nil
        }
        return object
    }

    /// The rules for evaluations of these outputs; what does not fit goes to the faults.
    init(_ stopping: Stopping?, _ best: Best?, outputs: [OutputDefinition], _ faults: SpecErrors) {
        if let stopping, let monitored = stopping.monitor.resolved(outputs, faults) {
            earlyStopping = EarlyStopping(
                monitored: monitored, patience: stopping.patience, minDelta: stopping.minDelta)
        }
        if let best, let monitored = best.monitor.resolved(outputs, faults) {
            bestCheckpoints = BestCheckpoints(monitored: monitored, count: best.count)
        }
    }
}
