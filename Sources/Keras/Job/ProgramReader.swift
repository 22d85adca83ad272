package import Datasets
import Estimator
package import Formats
import OrderedCollections

extension ProgramDefinition {
    /// Fields of a job that say what is computed, which the program does.
    private static let ofModels = [
        "model", "loss", "optimizer", "metrics", "weighted_metrics", "loss_weights", "dtype_policy", "early_stopping",
    ]

    /// Reads the training fields of a job that names a program and looks at its files; every fault goes to `faults`. The program
    /// is not run.
    ///
    /// - Parameters:
    ///   - roots: the folders that the job's files lie under.
    ///   - jobs: the checkpoints that it may name; by default none.
    ///   - names: the programs that there are; nil: any name will do, as in the process of the program itself.
    /// - Returns: the definition; nil where faults were found.
    package static func read(
        _ spec: JSON, roots: DataRoots, jobs: JobCheckpoints = JobCheckpoints(folder: nil), names: [String]?,
        faults: SpecErrors
    ) -> ProgramDefinition? {
        let before = faults.count
        let reader = ObjectReader(spec, faults: faults)
        guard reader.isObject else { return nil }
        let fields = JobFields(reader)
        let name = name(reader, among: names)
        for field in ofModels where reader.has(field) {
            reader.fault(field, "can't be given together with program, which brings its own: leave it out")
        }
        if fields.reduction != .mean {
            reader.fault("cross_shard_reduction", "can't be sum together with program, which says itself: leave it out")
        }
        let configuration = ConfigurationReader.read(reader, mode: fields.mode)
        if configuration.best != nil {
            reader.faults.add(
                reader.pointer(to: "run_config").appending("keep_best"),
                "can't be given together with program, whose numbers are known once it runs: leave it out")
        }
        let batches = BatchSizes(reader, fields, configuration.tpu)
        let start = StartReader.read(reader, fields, roots: roots, jobs: jobs)
        if let start, let words = start.file.notByName {
            faults.add(start.place.pointer, words)
        }
        let sections = ProgramSections(
            reader,
            Sections.Setting(
                fields: fields, batches: batches, roots: roots, firstStep: start?.place.firstStep ?? 0,
                seed: configuration.run.randomSeed, labelType: nil))
        guard faults.count == before, let name, let mode = fields.mode, let tpu = configuration.tpu else { return nil }
        var run = configuration.run
        run.tpuConfig = tpu
        return ProgramDefinition(
            name: name, mode: mode, useTPU: fields.useTPU, trainBatchSize: batches.train,
            evalBatchSize: fields.useTPU && !batches.evaluatesOnTPU ? nil : batches.evaluation,
            predictBatchSize: batches.prediction, config: run, params: fields.params, training: sections.training,
            evaluation: sections.evaluation, prediction: sections.prediction, start: start?.place,
            canonical: canonical(spec, name, fields, configuration, batches, sections, start?.place))
    }

    /// The program's name; nil, with a fault, where it is none of those that there are.
    private static func name(_ reader: ObjectReader, among names: [String]?) -> String? {
        guard let object = reader.object(field, required: true, example: ["name": "digits"]) else { return nil }
        let name = object.string("name", required: true, maxLength: 200)
        object.finish()
        guard let name, let names, !names.contains(name) else { return name }
        if names.isEmpty {
            object.fault(
                "name",
                "\(name.quotedForMessage) is not a program that the operator has listed; none is: the daemon's setting "
                    + "programs lists them")
        } else {
            object.faults.addUnknown(
                name, "a program that the operator has listed", among: names, at: object.pointer(to: "name"))
        }
        return nil
    }

    /// The document with defaults, as that of a job with a model has them.
    private static func canonical(
        _ spec: JSON, _ name: String, _ fields: JobFields, _ configuration: ConfigurationReader.Result,
        _ batches: BatchSizes, _ sections: ProgramSections, _ start: WarmStart.Place?
    ) -> OrderedDictionary<String, JSON> {
        func started(_ field: String) -> JSON { start.flatMap { $0.field == field ? $0.canonical : nil } ?? .null }
        return [
            "mode": JSON(fields.mode?.rawValue ?? ""), "use_tpu": JSON(fields.useTPU),
            "train_batch_size": .optional(batches.train) { JSON($0) },
            "eval_batch_size": .optional(batches.evaluation) { JSON($0) },
            "predict_batch_size": .optional(batches.prediction) { JSON($0) },
            "batch_axis": nil, "params": spec["params"].flatMap { $0.isNull ? nil : $0 } ?? [:],
            "tpu_config": configuration.canonicalTPU, "run_config": configuration.canonicalRun,
            field: ["name": JSON(name)], "model": nil, "dtype_policy": nil, "loss": nil, "optimizer": nil,
            "cross_shard_optimizer": true, "cross_shard_reduction": "mean", "metrics": nil, "weighted_metrics": nil,
            "loss_weights": nil,
            "train": .optional(sections.training) {
                [
                    "steps": .optional($0.steps) { JSON($0) }, "max_steps": .optional($0.maxSteps) { JSON($0) },
                    "class_weight": nil, "input": .optional($0.input, \.canonical),
                ]
            },
            "evaluate": .optional(sections.evaluation) {
                [
                    "steps": .optional($0.steps) { JSON($0) }, "every_steps": .optional($0.everySteps) { JSON($0) },
                    "eval_on_tpu": JSON(batches.evaluatesOnTPU), "input": .optional($0.input, \.canonical),
                ]
            },
            "early_stopping": nil,
            "predict": .optional(sections.prediction) { ["input": $0.canonical] },
            "warm_start_from": started("warm_start_from"), "continue_from": started("continue_from"),
        ]
    }
}
