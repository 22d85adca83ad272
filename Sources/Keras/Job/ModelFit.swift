import Datasets
import Estimator
import Formats

/// Whether model, losses, metrics, data and the file to start from go together, by the shapes of one row.
struct ModelFit {
    /// The shape of one row of each of the model's inputs.
    let rows: [[Int]]
    let outputs: [OutputDefinition]
    let training: JobDefinition.TrainingSection?
    let evaluation: JobDefinition.EvaluationSection?
    /// What is predicted for, of which only the features are used.
    let prediction: InputDefinition?

    /// Adds everything that does not fit to the faults; nil without an input, or where the shapes can't be followed
    /// through the model.
    init?(
        model: KerasModel, outputs: [OutputSetting], sections: Sections, trains: Bool, warmStart: WarmStart?,
        faults: SpecErrors
    ) {
        guard let first = sections.training?.input ?? sections.evaluation?.input ?? sections.prediction,
            let followed = ModelFit.plan(model, first, faults)
        else { return nil }
        rows = followed.rows
        let plan = followed.plan
        func arranged(_ input: InputDefinition, hasLabels: Bool = true) -> InputDefinition {
            var arranged = input
            let fit = InputFit(input: input, model: model, rows: followed.rows, outputs: outputs, plan: plan)
            arranged.arrangement = fit.check(faults, hasLabels: hasLabels)
            // The look has seen them; the worker needs them no more.
            arranged.labels = nil
            return arranged
        }
        training = sections.training.map {
            JobDefinition.TrainingSection(
                steps: $0.steps, maxSteps: $0.maxSteps, classWeights: $0.classWeights, input: arranged($0.input))
        }
        if let weights = training?.classWeights { ModelFit.check(weights, outputs, plan, faults) }
        evaluation = sections.evaluation.map {
            JobDefinition.EvaluationSection(steps: $0.steps, everySteps: $0.everySteps, input: arranged($0.input))
        }
        prediction = sections.prediction.map { arranged($0, hasLabels: false) }
        ModelFit.checkVariables(plan, at: model.pointer, trains: trains, warmStart, faults)
        // Metrics are those of the evaluation.
        guard let measured = evaluation?.input ?? training?.input ?? prediction else { return nil }
        self.outputs = ModelFit.definitions(outputs, model, plan, measured, faults)
    }

    /// The shapes of the model's inputs, from the model as far as it says them, else from the data, and the model
    /// followed through for them; nil where something does not fit.
    private static func plan(
        _ model: KerasModel, _ input: InputDefinition, _ faults: SpecErrors
    ) -> (rows: [[Int]], plan: ModelPlan)? {
        do throws(SpecError) {
            var rows = model.inputs.compactMap(\.wholeShape)
            if rows.count < model.inputs.count {
                let places = try InputFit.features(input, of: model)
                rows = []
                for (taken, place) in zip(model.inputs, places) {
                    let given = input.layout.elements[place.element].shape
                    guard taken.wholeShape != nil || taken.takes(given) else {
                        throw SpecError(
                            input.pointer,
                            "gives rows of shape \(given), but the model takes \(taken.shapeInWords) (\(taken.pointer)); "
                                + "a reshape in map helps where the counts agree")
                    }
                    rows.append(taken.wholeShape ?? given)
                }
            }
            return (rows, try model.plan(rows))
        } catch {
            faults.add(error)
            return nil
        }
    }

    private static func check(
        _ weights: ClassWeights, _ outputs: [OutputSetting], _ plan: ModelPlan, _ faults: SpecErrors
    ) {
        if outputs.count > 1 {
            faults.add(
                weights.pointer,
                "is possible only for a model of one output, but the model has \(outputs.count): \(outputs.names)")
        } else if outputs.first?.loss?.labels == .sequence {
            faults.add(weights.pointer, "goes by the class of a row, and the loss takes a list of classes a row")
        } else if let words = plan.outputs.first.flatMap(weights.mismatch) {
            faults.add(weights.pointer, words)
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
        if let warmStart {
            for words in warmStart.mismatches(plan) { faults.add(warmStart.pointer, words) }
        }
    }

    private static func definitions(
        _ settings: [OutputSetting], _ model: KerasModel, _ plan: ModelPlan, _ input: InputDefinition,
        _ faults: SpecErrors
    ) -> [OutputDefinition] {
        let labels = input.arrangement?.labels ?? []
        return zip(settings.indices, zip(settings, plan.outputs)).map { index, pair in
            let (setting, shape) = pair
            let place = input.arrangement?.label(of: setting.name)
            var definition = OutputDefinition(
                name: setting.name, loss: setting.loss, weight: setting.weight,
                scores: shape.count == 1 && shape[0] > 1
                    ? setting.loss?.scores ?? (model.givesProbabilities(output: index) ? .probabilities : nil) : nil,
                metrics: [],
                isOneOfSeveral: settings.count > 1)
            guard let place else { return definition }
            let labelShape = input.layout.elements[labels[place].element].shape
            let measures = setting.metrics.map { ($0, false) } + setting.weightedMetrics.map { ($0, true) }
            for (metric, isWeighted) in measures {
                do throws(SpecError) {
                    let made = try metric.metric(
                        labels: labelShape, output: shape, labelsName: definition.labelsName,
                        predictionsName: definition.predictionsName)
                    let name = OutputSetting.resultName(made.name, of: setting.name, among: settings.count)
                    definition.metrics.append(
                        OutputDefinition.Measure(
                            metric: made.named(name), heedsMasks: metric.heedsMasks(model.common.version),
                            isWeighted: isWeighted))
                } catch {
                    faults.add(error)
                }
            }
            return definition
        }
    }
}
