import Datasets
import Estimator
import Formats

/// Whether model, loss, metrics and data go together, by the shapes of one row.
struct ModelFit {
    let inputShape: [Int]
    let metrics: [Metric]
    let training: JobDefinition.TrainingSection?
    let evaluation: JobDefinition.EvaluationSection?

    /// - Throws: the first thing that doesn't fit.
    init(
        model: SequentialModel, loss: LossDefinition?, metrics: [MetricReader], sections: Sections
    ) throws(SpecFault) {
        guard let first = sections.training?.input ?? sections.evaluation?.input else {
            throw SpecFault(.root, "has no input")
        }
        inputShape = model.inputShape ?? first.featureShape
        guard let output = try model.shapes(inputShape).last else {
            throw SpecFault(model.inputPointer, "has no layer")
        }
        let inputs = [sections.training?.input, sections.evaluation?.input].compactMap(\.self)
        for input in inputs {
            try ModelFit.check(input, model: model, inputShape: inputShape, loss: loss, output: output)
        }
        var made: [Metric] = []
        for metric in metrics { made.append(try metric.metric(labels: first.labelShape ?? [], output: output)) }
        self.metrics = made
        let classes = loss?.classes(output)
        training = sections.training.map {
            JobDefinition.TrainingSection(
                steps: $0.steps, maxSteps: $0.maxSteps, input: ModelFit.limited($0.input, to: classes))
        }
        evaluation = sections.evaluation.map {
            JobDefinition.EvaluationSection(
                steps: $0.steps, everySteps: $0.everySteps, input: ModelFit.limited($0.input, to: classes))
        }
    }

    private static func limited(_ input: InputDefinition, to classes: Int?) -> InputDefinition {
        var input = input
        input.classes = classes
        return input
    }

    private static func check(
        _ input: InputDefinition, model: SequentialModel, inputShape: [Int], loss: LossDefinition?, output: [Int]
    ) throws(SpecFault) {
        let source = input.pointer.appending("source")
        guard input.layout.features.count == 1 else {
            throw SpecFault(source, "has \(input.layout.features.count) features; a Sequential model takes one")
        }
        guard input.featureShape == inputShape else {
            throw SpecFault(
                input.pointer,
                "gives rows of shape \(input.featureShape), but the model takes \(inputShape) "
                    + "(\(model.inputPointer)); a reshape in map helps where the counts agree")
        }
        guard let loss else { return }
        guard input.layout.labels.count <= 1 else {
            throw SpecFault(source, "has \(input.layout.labels.count) labels; a Sequential model has one output")
        }
        guard let labels = input.labelShape else {
            throw SpecFault(source, "has no labels, and the loss needs them")
        }
        if let why = loss.mismatch(labels: labels, predictions: output) {
            throw SpecFault(source, why)
        }
    }
}
