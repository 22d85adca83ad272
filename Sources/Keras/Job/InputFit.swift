import Datasets
import Formats

/// One input held against the model and the loss.
struct InputFit {
    let input: InputDefinition
    let model: KerasModel
    let inputShape: [Int]
    let loss: LossDefinition?
    /// The model followed through.
    let plan: ModelPlan

    /// The shape of one row of the model's output.
    private var output: [Int] { plan.outputs.first ?? [] }

    private var source: JSONPointer { input.pointer.appending("source") }

    /// Adds everything that does not fit to the faults: features, sizes and labels are told each for itself.
    func check(classes: Int?, _ faults: SpecErrors) {
        func collecting(_ part: () throws(SpecError) -> Void) {
            do {
                try part()
            } catch {
                faults.add(error)
            }
        }
        collecting(checkFeatures)
        collecting(checkSize)
        collecting { () throws(SpecError) in
            try checkLabels()
            if let classes, let wrong = input.labels?.firstWrong(classes: classes) {
                throw SpecError(source, InputDefinition.words(wrong))
            }
        }
    }

    private func checkFeatures() throws(SpecError) {
        guard input.layout.features.count == 1 else {
            throw SpecError(source, "has \(input.layout.features.count) features; a Sequential model takes one")
        }
        guard input.featureShape == inputShape else {
            throw SpecError(
                input.pointer,
                "gives rows of shape \(input.featureShape), but the model takes \(inputShape) "
                    + "(\(model.inputs[0].pointer)); a reshape in map helps where the counts agree")
        }
    }

    /// What the rows of a batch take, in the infeed and on their way through the model.
    private func checkSize() throws(SpecError) {
        let infeed = input.layout.recordBytes.multipliedSaturated(by: input.batchSize)
            .multipliedSaturated(by: input.pipeline.prefetch)
        let all = infeed.addingSaturated(plan.bytes(rows: input.batchSize))
        guard all <= SpecLimit.planBytes else {
            throw SpecError(
                model.pointer,
                "needs more than \(SpecLimit.planBytes) bytes for batches of \(input.batchSize) rows of shape "
                    + "\(inputShape): make the batch, the layers or prefetch smaller")
        }
    }

    private func checkLabels() throws(SpecError) {
        guard let loss else { return }
        guard input.layout.labels.count <= 1 else {
            throw SpecError(source, "has \(input.layout.labels.count) labels; a Sequential model has one output")
        }
        guard let labels = input.labelShape else {
            throw SpecError(source, "has no labels, and the loss needs them")
        }
        guard let why = loss.mismatch(labels: labels, predictions: output) else { return }
        // An output of more axes than one number or one class a row needs: the axes of the input have come through.
        if inputShape.count > 1, output.count == inputShape.count, output.count > labels.count + 1 {
            throw SpecError(
                model.pointer,
                "makes an output of shape \(output) of each row, but a row's label has the shape \(labels): a Flatten seems "
                    + "to be missing before the first Dense, which works on the last axis alone")
        }
        throw SpecError(source, why)
    }
}
