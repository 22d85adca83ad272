import Datasets
import Estimator
import Formats

/// The `train`, `evaluate` and `predict` sections of a job that a program does: as those of a job with a model, but for the input, which
/// the program may bring itself.
struct ProgramSections {
    private(set) var training: ProgramDefinition.Training?
    private(set) var evaluation: ProgramDefinition.Evaluation?
    private(set) var prediction: InputDefinition?

    init(_ reader: ObjectReader, _ setting: Sections.Setting) {
        let (fields, batches) = (setting.fields, setting.batches)
        let (trains, evaluates) = (fields.mode?.trains == true, fields.mode?.evaluates == true)
        if let object = Sections.section(reader, "train", wanted: trains, mode: fields.mode) {
            training = Self.training(object, setting)
        }
        if let object = Sections.section(reader, "evaluate", wanted: evaluates, mode: fields.mode) {
            let (steps, everySteps) = Sections.evaluationLength(object, setting)
            let input = Self.input(object, .evaluation, ("eval_batch_size", batches.evaluation), setting)
            object.finish()
            if let input { Sections.checkEvaluation(of: input, steps: steps, object) }
            evaluation = ProgramDefinition.Evaluation(steps: steps, everySteps: everySteps, input: input)
        }
        let predicts = fields.mode == .predict
        if predicts, !reader.has("predict") { return }
        if let object = Sections.section(reader, "predict", wanted: predicts, mode: fields.mode) {
            prediction = Self.input(object, .prediction, ("predict_batch_size", batches.prediction), setting)
            object.finish()
        }
    }

    private static func training(
        _ reader: ObjectReader, _ setting: Sections.Setting
    ) -> ProgramDefinition.Training {
        let (steps, maxSteps) = Sections.trainingLength(reader, setting)
        if reader.has("class_weight") {
            reader.fault("class_weight", "can't be given together with program, whose loss is its own: leave it out")
        }
        let input = Self.input(reader, .training, ("train_batch_size", setting.batches.train), setting)
        reader.finish()
        if let input { Sections.checkTraining(of: input, steps: steps, maxSteps: maxSteps, reader, setting) }
        return ProgramDefinition.Training(steps: steps, maxSteps: maxSteps, input: input)
    }

    /// The input with its records' arrays as they are: features, labels and weights in their order.
    private static func input(
        _ reader: ObjectReader, _ purpose: InputReader.Purpose, _ batchSize: (field: String, value: Int?),
        _ setting: Sections.Setting
    ) -> InputDefinition? {
        let mustBeFull =
            switch purpose {
            case .training: setting.fields.useTPU
            case .evaluation: setting.batches.evaluatesOnTPU
            case .prediction: false
            }
        guard let object = reader.object("input", example: ["source": SourceReader.example]),
            var input = InputReader.read(
                object,
                InputReader.Setting(
                    purpose: purpose, roots: setting.roots, seed: setting.seed, mustBeFull: mustBeFull,
                    batchSize: batchSize, labelType: nil))
        else { return nil }
        if input.isPadded {
            object.fault(
                "drop_remainder", "must be true: the batches that a program evaluates on the TPU are full; leave it out"
            )
        }
        input.arrangement = InputArrangement(input.layout)
        return input
    }
}

extension InputArrangement {
    /// A record's arrays as they are.
    init(_ layout: RecordLayout) {
        func places(_ elements: ArraySlice<ElementSpec>) -> [Place] {
            zip(elements.indices, elements).map { Place(name: $1.name, element: $0) }
        }
        self.init(
            features: places(layout.features), labels: places(layout.labels), weights: places(layout.weights))
    }
}
