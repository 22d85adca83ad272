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
        model: KerasModel, loss: LossDefinition?, metrics: [MetricReader], sections: Sections, trains: Bool,
        warmStart: WarmStart?, faults: SpecErrors
    ) {
        guard let first = sections.training?.input ?? sections.evaluation?.input else { return nil }
        guard model.inputs.count == 1, model.outputs.count == 1 else {
            faults.add(
                model.pointer, "has several inputs or outputs, which is not supported yet", code: SpecError.notSupported
            )
            return nil
        }
        inputShape = model.inputs[0].wholeShape ?? first.featureShape
        guard let plan = ModelFit.plan(model, inputShape, faults) else { return nil }
        let output = plan.outputs.first ?? []
        let classes = loss?.classes(output)
        let inputs = [sections.training?.input, sections.evaluation?.input].compactMap(\.self)
        for input in inputs {
            let check = InputFit(input: input, model: model, inputShape: inputShape, loss: loss, plan: plan)
            check.check(classes: classes, faults)
        }
        ModelFit.checkVariables(plan, at: model.pointer, trains: trains, warmStart, faults)
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

    private static func plan(_ model: KerasModel, _ inputShape: [Int], _ faults: SpecErrors) -> ModelPlan? {
        do {
            return try model.plan([inputShape])
        } catch {
            faults.add(error)
            return nil
        }
    }

    private static func checkVariables(
        _ plan: ModelPlan, at pointer: JSONPointer, trains: Bool, _ warmStart: WarmStart?, _ faults: SpecErrors
    ) {
        if trains, !plan.variables.contains(where: \.isTrainable) {
            faults.add(
                pointer,
                plan.variables.isEmpty
                    ? "has no trainable variable: none of its layers has variables, so that training would change nothing"
                    : "has no trainable variable: every layer that has variables says \"trainable\": false, so that training "
                        + "would change nothing")
        }
        for words in warmStart?.mismatches(plan.variables) ?? [] {
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
