import Datasets
import Estimator
import Formats

/// The `train`, `evaluate` and `predict` sections, with the data that is there held against what is asked for.
struct Sections {
    var training: JobDefinition.TrainingSection?
    var evaluation: JobDefinition.EvaluationSection?
    var prediction: InputDefinition?

    /// What all sections are read with.
    struct Setting {
        let fields: JobFields
        let batches: BatchSizes
        let roots: DataRoots
        /// The global step before the job's first one.
        let firstStep: Int
        let seed: UInt64
        /// What the labels of the loss are; nil where there is none.
        let labelType: CSVColumns.LabelType?
    }

    init(_ reader: ObjectReader, _ setting: Setting) {
        let fields = setting.fields
        let trains = fields.mode?.trains == true
        let evaluates = fields.mode?.evaluates == true
        if let object = Sections.section(reader, "train", wanted: trains, mode: fields.mode) {
            training = Sections.training(object, setting)
        }
        if let object = Sections.section(reader, "evaluate", wanted: evaluates, mode: fields.mode) {
            evaluation = Sections.evaluation(object, setting)
        }
        if let object = Sections.section(reader, "predict", wanted: fields.mode == .predict, mode: fields.mode) {
            prediction = Sections.prediction(object, setting)
        }
    }

    static func section(
        _ reader: ObjectReader, _ name: String, wanted: Bool, mode: JobDefinition.Mode?
    ) -> ObjectReader? {
        // Where the mode is at fault, what is given is read all the same.
        guard let mode else { return reader.object(name) }
        guard wanted else {
            if reader.has(name) {
                reader.fault(name, "has no meaning with the mode \"\(mode.rawValue)\"; leave it out")
            }
            return nil
        }
        return reader.object(name, required: true)
    }

    private static func prediction(_ reader: ObjectReader, _ setting: Setting) -> InputDefinition? {
        let input = reader.object("input", required: true, example: ["source": SourceReader.example]).flatMap {
            InputReader.read(
                $0,
                InputReader.Setting(
                    purpose: .prediction, roots: setting.roots, seed: setting.seed, mustBeFull: false,
                    batchSize: ("predict_batch_size", setting.batches.prediction), labelType: setting.labelType))
        }
        reader.finish()
        return input
    }

    private static func training(_ reader: ObjectReader, _ setting: Setting) -> JobDefinition.TrainingSection? {
        let (fields, batches) = (setting.fields, setting.batches)
        let (steps, maxSteps) = trainingLength(reader, setting)
        let classWeights = ClassWeights(reader, "class_weight")
        let input = reader.object("input", required: true, example: ["source": SourceReader.example]).flatMap {
            InputReader.read(
                $0,
                InputReader.Setting(
                    purpose: .training, roots: setting.roots, seed: setting.seed, mustBeFull: fields.useTPU,
                    batchSize: ("train_batch_size", batches.train), labelType: setting.labelType))
        }
        reader.finish()
        guard let input else { return nil }
        checkTraining(of: input, steps: steps, maxSteps: maxSteps, reader, setting)
        return JobDefinition.TrainingSection(
            steps: steps, maxSteps: maxSteps, classWeights: classWeights, input: input)
    }

    /// How long it is trained.
    static func trainingLength(_ reader: ObjectReader, _ setting: Setting) -> (steps: Int?, maxSteps: Int?) {
        let steps = reader.int("steps", in: 1...SpecLimit.count)
        let maxSteps = reader.int("max_steps", in: 1...SpecLimit.count)
        if steps != nil, maxSteps != nil {
            reader.fault("max_steps", "can't be given together with steps: give one of them")
        }
        if setting.fields.useTPU, !reader.has("steps"), !reader.has("max_steps") {
            reader.fault("max_steps", "is required, or steps: training on the TPU needs to know where to stop")
        }
        if let maxSteps, maxSteps <= setting.firstStep {
            reader.fault(
                "max_steps",
                "must be more than \(setting.firstStep), the step that continue_from goes on from, not \(maxSteps): there would be "
                    + "nothing to train")
        }
        return (steps, maxSteps)
    }

    /// Holds a training's input against the steps that are asked for.
    static func checkTraining(
        of input: InputDefinition, steps: Int?, maxSteps: Int?, _ reader: ObjectReader, _ setting: Setting
    ) {
        let batches = setting.batches
        if let there = batches.train.flatMap({ input.batches(of: $0) }), there == 0 {
            reader.faults.add(
                input.pointer,
                "gives no batch: its \(input.count ?? 0) rows, read \(input.pipeline.repeatCount ?? 1) times, don't fill "
                    + "one of \(batches.train ?? 0) rows; give a smaller train_batch_size, or leave repeat out")
        } else if let asked = maxSteps.map({ $0 - setting.firstStep }) ?? steps, let size = batches.train,
            let there = input.batches(of: size),
            there < asked
        {
            reader.faults.add(
                input.pointer,
                "ends after \(there) batches of \(size) rows (\(input.count ?? 0) rows, read "
                    + "\(input.pipeline.repeatCount ?? 1) times), but \(asked) steps are asked for; leave repeat out")
        }
    }

    private static func evaluation(_ reader: ObjectReader, _ setting: Setting) -> JobDefinition.EvaluationSection? {
        let batches = setting.batches
        let (steps, everySteps) = evaluationLength(reader, setting)
        let input = reader.object("input", required: true, example: ["source": SourceReader.example]).flatMap {
            InputReader.read(
                $0,
                InputReader.Setting(
                    purpose: .evaluation, roots: setting.roots, seed: setting.seed,
                    mustBeFull: batches.evaluatesOnTPU, batchSize: ("eval_batch_size", batches.evaluation),
                    labelType: setting.labelType))
        }
        reader.finish()
        guard let input else { return nil }
        checkEvaluation(of: input, steps: steps, reader)
        return JobDefinition.EvaluationSection(steps: steps, everySteps: everySteps, input: input)
    }

    /// How long and how often it is evaluated.
    static func evaluationLength(_ reader: ObjectReader, _ setting: Setting) -> (steps: Int?, everySteps: Int?) {
        let batches = setting.batches
        let steps = reader.int("steps", in: 1...SpecLimit.count)
        if batches.evaluatesOnTPU, !reader.has("steps") {
            reader.fault(
                "steps", "is required: evaluation on the TPU (eval_batch_size is given) needs to know how many batches")
        }
        let everySteps = reader.int("every_steps", in: 1...SpecLimit.count)
        if reader.bool("eval_on_tpu") == true, !batches.evaluatesOnTPU {
            reader.fault(
                "eval_on_tpu",
                setting.fields.useTPU
                    ? "needs eval_batch_size, the rows of a batch over all cores"
                    : "can't be true in a job without the TPU: set use_tpu, or leave it out")
        }
        return (steps, everySteps)
    }

    /// Holds an evaluation's input against the batches that are asked for.
    static func checkEvaluation(of input: InputDefinition, steps: Int?, _ reader: ObjectReader) {
        let size = input.batchSize
        if let steps, let there = input.batches(of: size), there < steps {
            reader.fault(
                "steps",
                "\(steps) batches of \(size) rows are asked for, but the input's \(input.count ?? 0) rows give \(there)"
            )
        }
    }
}
