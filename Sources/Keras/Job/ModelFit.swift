import Datasets
import Estimator
import Formats

/// Whether model, loss, metrics, data and the file to start from go together, by the shapes of one row.
struct ModelFit {
    let inputShape: [Int]
    let metrics: [Metric]
    let training: JobDefinition.TrainingSection?
    let evaluation: JobDefinition.EvaluationSection?

    /// Adds everything that does not fit to the faults; nil without an input, or where the shapes can't be followed
    /// through the model.
    init?(
        model: SequentialModel, loss: LossDefinition?, metrics: [MetricReader], sections: Sections, trains: Bool,
        warmStart: WarmStart?, faults: SpecErrors
    ) {
        guard let first = sections.training?.input ?? sections.evaluation?.input else { return nil }
        inputShape = model.inputShape ?? first.featureShape
        guard let output = ModelFit.output(model, inputShape, faults) else { return nil }
        let classes = loss?.classes(output)
        let inputs = [sections.training?.input, sections.evaluation?.input].compactMap(\.self)
        for input in inputs {
            let check = InputFit(input: input, model: model, inputShape: inputShape, loss: loss, output: output)
            check.check(classes: classes, faults)
        }
        ModelFit.checkVariables(model, inputShape, trains: trains, warmStart, faults)
        var made: [Metric] = []
        for metric in metrics {
            do {
                made.append(try metric.metric(labels: first.labelShape ?? [], output: output))
            } catch {
                faults.add(error)
            }
        }
        self.metrics = made
        training = sections.training.map {
            JobDefinition.TrainingSection(
                steps: $0.steps, maxSteps: $0.maxSteps, input: ModelFit.limited($0.input, to: classes))
        }
        evaluation = sections.evaluation.map {
            JobDefinition.EvaluationSection(
                steps: $0.steps, everySteps: $0.everySteps, input: ModelFit.limited($0.input, to: classes))
        }
    }

    private static func output(_ model: SequentialModel, _ inputShape: [Int], _ faults: SpecErrors) -> [Int]? {
        do {
            if let output = try model.shapes(inputShape).last { return output }
            faults.add(model.pointer, "has no layer")
        } catch {
            faults.add(error)
        }
        return nil
    }

    private static func checkVariables(
        _ model: SequentialModel, _ inputShape: [Int], trains: Bool, _ warmStart: WarmStart?, _ faults: SpecErrors
    ) {
        guard let outline = try? model.outline(inputShape) else { return }
        if trains, !outline.contains(where: { $0.isTrainable && !$0.variables.isEmpty }) {
            let frozen = outline.contains { !$0.variables.isEmpty }
            faults.add(
                model.pointer,
                frozen
                    ? "has no trainable variable: every layer that has variables says \"trainable\": false, so that training "
                        + "would change nothing"
                    : "has no trainable variable: none of its layers has variables, so that training would change nothing"
            )
        }
        for words in warmStart?.mismatches(outline.flatMap(\.variables)) ?? [] {
            faults.add(WarmStart.pointer, words)
        }
    }

    /// The input as the worker needs it: with the classes, without the labels that the look has seen.
    private static func limited(_ input: InputDefinition, to classes: Int?) -> InputDefinition {
        var input = input
        input.classes = classes
        input.labels = nil
        return input
    }
}
