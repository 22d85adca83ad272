package import Datasets
import Estimator
package import Formats
import Graph
import OrderedCollections

extension JobDefinition {
    /// Reads the training fields of a job's spec and looks at its files; every fault goes to `faults`. Members that
    /// belong to the service are left alone.
    ///
    /// - Parameters:
    ///   - roots: the folders that the job's files lie under.
    ///   - jobs: the checkpoints that it may name; by default none.
    /// - Returns: the definition; nil where faults were found.
    package static func read(
        _ spec: JSON, roots: DataRoots, jobs: JobCheckpoints = JobCheckpoints(folder: nil), faults: SpecErrors
    ) -> JobDefinition? {
        let before = faults.count
        let reader = ObjectReader(spec, faults: faults)
        guard reader.isObject else { return nil }
        if ProgramDefinition.isOne(spec) {
            reader.fault(ProgramDefinition.field, "does a job without a model: it is not read as one with a model")
        }
        let fields = JobFields(reader)
        let configuration = ConfigurationReader.read(reader, mode: fields.mode)
        let stopping = EvaluationRules.stopping(reader, fields.mode)
        let batches = BatchSizes(reader, fields, configuration.tpu)

        let model = reader.value("model", required: true)
            .flatMap { ModelReader.read($0, at: reader.pointer(to: "model"), policy: fields.policy, faults: faults) }
        let start = StartReader.read(reader, fields, roots: roots, jobs: jobs)
        let firstStep = start?.place.firstStep ?? 0
        let optimizer = reader.value("optimizer", required: fields.mode?.trains == true).flatMap {
            OptimizerReader.read(
                $0, at: reader.pointer(to: "optimizer"), end: .init(reader.value("train"), after: firstStep),
                faults: faults)
        }
        let outputs = OutputSetting.read(
            reader, outputs: model?.outputNames, version: model?.common.version ?? .keras3,
            needsLoss: fields.mode?.trains == true)
        let sections = Sections(
            reader,
            Sections.Setting(
                fields: fields, batches: batches, roots: roots, firstStep: firstStep,
                seed: configuration.run.randomSeed,
                labelType: outputs.first?.loss?.labelType))

        // Parts that are right are held against each other whatever is wrong with the rest.
        let fit = model.flatMap {
            ModelFit(
                model: $0, outputs: outputs, sections: sections, trains: fields.mode?.trains == true,
                warmStart: start?.file, faults: faults)
        }
        let rules = fit.map { EvaluationRules(stopping, configuration.best, outputs: $0.outputs, faults) }
        guard faults.count == before, let rules, let mode = fields.mode, let model, let tpu = configuration.tpu, let fit
        else {
            return nil
        }
        var run = configuration.run
        run.tpuConfig = tpu
        return JobDefinition(
            mode: mode, useTPU: fields.useTPU, trainBatchSize: batches.train,
            evalBatchSize: fields.useTPU && !batches.evaluatesOnTPU ? nil : batches.evaluation,
            config: run, params: fields.params, training: fit.training, evaluation: fit.evaluation,
            prediction: fit.prediction,
            predictionShards: fields.useTPU && batches.prediction != nil ? tpu.numShards : 1, rules: rules,
            start: start?.place, slots: start?.file.slots,
            canonical: canonical(spec, fields, configuration, batches, fit, rules, start?.place),
            model: model, outputs: fit.outputs, optimizer: optimizer, reduction: fields.reduction, rows: fit.rows)
    }

    /// The document with defaults: what was given stays as it was written, what was not is filled in.
    private static func canonical(
        _ spec: JSON, _ fields: JobFields, _ configuration: ConfigurationReader.Result, _ batches: BatchSizes,
        _ fit: ModelFit, _ rules: EvaluationRules, _ start: WarmStart.Place?
    ) -> OrderedDictionary<String, JSON> {
        func given(_ name: String) -> JSON { spec[name] ?? .null }
        func started(_ field: String) -> JSON { start.flatMap { $0.field == field ? $0.canonical : nil } ?? .null }
        var run = configuration.canonicalRun
        run["keep_best"] = rules.canonicalBest
        return [
            "mode": JSON(fields.mode?.rawValue ?? ""), "use_tpu": JSON(fields.useTPU),
            "train_batch_size": .optional(batches.train) { JSON($0) },
            "eval_batch_size": .optional(batches.evaluation) { JSON($0) },
            "predict_batch_size": .optional(batches.prediction) { JSON($0) },
            "batch_axis": nil, "params": spec["params"].flatMap { $0.isNull ? nil : $0 } ?? [:],
            "tpu_config": configuration.canonicalTPU, "run_config": run, "program": nil,
            "model": given("model"), "dtype_policy": .optional(fields.policy) { JSON($0.rawValue) },
            "loss": given("loss"), "optimizer": given("optimizer"),
            "cross_shard_optimizer": true, "cross_shard_reduction": JSON(fields.reduction.rawValue),
            "metrics": given("metrics"), "weighted_metrics": given("weighted_metrics"),
            "loss_weights": given("loss_weights"),
            "train": .optional(fit.training) {
                [
                    "steps": .optional($0.steps) { JSON($0) }, "max_steps": .optional($0.maxSteps) { JSON($0) },
                    "class_weight": spec["train"]?["class_weight"] ?? .null, "input": $0.input.canonical,
                ]
            },
            "evaluate": .optional(fit.evaluation) {
                [
                    "steps": .optional($0.steps) { JSON($0) }, "every_steps": .optional($0.everySteps) { JSON($0) },
                    "eval_on_tpu": JSON(batches.evaluatesOnTPU),
                    "input": $0.input.canonical,
                ]
            },
            "early_stopping": rules.canonicalStopping, "predict": .optional(fit.prediction) { ["input": $0.canonical] },
            "warm_start_from": started("warm_start_from"), "continue_from": started("continue_from"),
        ]
    }
}
