import Datasets
import Estimator
import Formats

/// The `train` and `evaluate` sections, with the data that is there held against what is asked for.
struct Sections {
    var training: JobDefinition.TrainingSection?
    var evaluation: JobDefinition.EvaluationSection?

    init(_ reader: ObjectReader, _ fields: JobFields, _ batches: BatchSizes, roots: DataRoots, seed: UInt64) {
        let trains = fields.mode?.trains == true
        let evaluates = fields.mode?.evaluates == true
        if let object = section(reader, "train", wanted: trains, mode: fields.mode) {
            training = Sections.training(object, fields, batches, roots, seed)
        }
        if let object = section(reader, "evaluate", wanted: evaluates, mode: fields.mode) {
            evaluation = Sections.evaluation(object, fields, batches, roots, seed)
        }
    }

    private func section(
        _ reader: ObjectReader, _ name: String, wanted: Bool, mode: JobDefinition.Mode?
    ) -> ObjectReader? {
        guard wanted else {
            if let mode, reader.has(name) {
                reader.fault(name, "has no meaning with the mode \"\(mode.rawValue)\"")
            }
            return nil
        }
        return reader.object(name, required: true)
    }

    private static func training(
        _ reader: ObjectReader, _ fields: JobFields, _ batches: BatchSizes, _ roots: DataRoots, _ seed: UInt64
    ) -> JobDefinition.TrainingSection? {
        let steps = reader.int("steps", in: 1...Int(Int32.max))
        let maxSteps = reader.int("max_steps", in: 1...Int(Int32.max))
        if steps != nil, maxSteps != nil {
            reader.fault("max_steps", "can't be given together with steps: give one of them")
        }
        if fields.useTPU, !reader.has("steps"), !reader.has("max_steps") {
            reader.fault("max_steps", "is required, or steps: training on the TPU needs to know where to stop")
        }
        let input = reader.object("input", required: true).flatMap {
            InputReader.read($0, for: .training, roots: roots, seed: seed, mustBeFull: fields.useTPU)
        }
        reader.finish()
        guard let input else { return nil }
        if let asked = maxSteps ?? steps, let size = batches.train, let there = input.batches(of: size), there < asked {
            reader.faults.add(
                input.pointer,
                "ends after \(there) batches of \(size) rows (\(input.count ?? 0) rows, read "
                    + "\(input.pipeline.repeatCount ?? 1) times), but \(asked) steps are asked for; leave repeat out")
        }
        return JobDefinition.TrainingSection(steps: steps, maxSteps: maxSteps, input: input)
    }

    private static func evaluation(
        _ reader: ObjectReader, _ fields: JobFields, _ batches: BatchSizes, _ roots: DataRoots, _ seed: UInt64
    ) -> JobDefinition.EvaluationSection? {
        let steps = reader.int("steps", in: 1...Int(Int32.max))
        if batches.evaluatesOnTPU, !reader.has("steps") {
            reader.fault(
                "steps", "is required: evaluation on the TPU (eval_batch_size is given) needs to know how many batches")
        }
        let everySteps = reader.int("every_steps", in: 1...Int(Int32.max))
        let input = reader.object("input", required: true).flatMap {
            InputReader.read($0, for: .evaluation, roots: roots, seed: seed, mustBeFull: batches.evaluatesOnTPU)
        }
        reader.finish()
        guard let input else { return nil }
        let size = batches.evaluation ?? input.batchSize
        if let steps, let there = input.batches(of: size), there < steps {
            reader.fault(
                "steps",
                "\(steps) batches of \(size) rows are asked for, but the input's \(input.count ?? 0) rows give \(there)"
            )
        }
        return JobDefinition.EvaluationSection(steps: steps, everySteps: everySteps, input: input)
    }
}
