import Datasets
import Formats

/// One input held against the model and the losses.
struct InputFit {
    let input: InputDefinition
    let model: KerasModel
    /// The shape of one row of each of the model's inputs.
    let rows: [[Int]]
    let outputs: [OutputSetting]
    /// The model followed through.
    let plan: ModelPlan

    private var source: JSONPointer { input.pointer.appending("source") }

    /// Adds everything that does not fit to the faults: features, sizes and labels are told each for itself.
    ///
    /// - Parameter hasLabels: whether labels and weights are used; otherwise the record's are left aside.
    /// - Returns: which arrays are which inputs and outputs; nil where they can't be told.
    func check(_ faults: SpecErrors, hasLabels: Bool = true) -> InputArrangement? {
        func collecting<Found>(_ part: () throws(SpecError) -> Found) -> Found? {
            do {
                return try part()
            } catch {
                faults.add(error)
                return nil
            }
        }
        let features = collecting(checkFeatures)
        collecting(checkSize)
        guard hasLabels else { return features.map { InputArrangement(features: $0, labels: []) } }
        let labels = collecting(arrangedLabels)
        for place in labels ?? [] {
            collecting { () throws(SpecError) in try checkLabels(place) }
        }
        let weights = collecting(arrangedWeights)
        guard let features, let labels, let weights else { return nil }
        return InputArrangement(features: features, labels: labels, weights: weights)
    }

    // MARK: Features

    /// Which of a record's arrays are which inputs of the model; throws where there are more or fewer.
    static func features(
        _ input: InputDefinition, of model: KerasModel
    ) throws(SpecError) -> [InputArrangement.Place] {
        let given = input.layout.features.map(\.name)
        let names = model.inputs.map(\.name)
        guard let places = InputArrangement.places(of: names, in: given) else {
            throw SpecError(
                input.pointer.appending("source"),
                "has \(given.count) features, but the model takes \(names.count == 1 ? "one" : "\(names.count)")"
                    + (names.count == 1 ? "" : " (\(names.joined(separator: ", ")))"))
        }
        return zip(names, places).map { InputArrangement.Place(name: $0, element: $1) }
    }

    private func checkFeatures() throws(SpecError) -> [InputArrangement.Place] {
        let places = try InputFit.features(input, of: model)
        for (place, (row, taken)) in zip(places, zip(rows, model.inputs)) {
            let given = input.layout.elements[place.element].shape
            guard given == row else {
                throw SpecError(
                    input.pointer,
                    "gives \(places.count > 1 ? "\(place.name) " : "")rows of shape \(given), but the model takes \(row) "
                        + "(\(taken.pointer)); a reshape in map helps where the counts agree")
            }
        }
        return places
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
                    + "\(rows.map { "\($0)" }.joined(separator: ", ")): make the batch, the layers or prefetch smaller")
        }
    }

    // MARK: Labels

    /// Which of a record's arrays are the labels of which outputs: of all, or of those that are trained or measured.
    private func arrangedLabels() throws(SpecError) -> [InputArrangement.Place] {
        let given = input.layout.labels.map(\.name)
        let used = outputs.filter { $0.loss != nil || !($0.metrics + $0.weightedMetrics).isEmpty }
        if given.isEmpty {
            guard used.isEmpty else { throw SpecError(source, "has no labels, and the loss needs them") }
            return []
        }
        for some in [outputs, used] {
            guard let places = InputArrangement.places(of: some.map(\.name), in: given) else { continue }
            return zip(some, places).map { output, place in
                InputArrangement.Place(
                    name: output.name, element: input.layout.featureCount + place,
                    classes: output.loss?.classes(shape(of: output)))
            }
        }
        let isOne = outputs.count == 1
        throw SpecError(
            source,
            "has \(given.count) labels, but the model has \(isOne ? "one output" : "\(outputs.count) outputs") (\(outputs.names))"
        )
    }

    private func shape(of output: OutputSetting) -> [Int] {
        outputs.firstIndex { $0.name == output.name }.map { plan.outputs[$0] } ?? []
    }

    private func checkLabels(_ place: InputArrangement.Place) throws(SpecError) {
        guard let output = outputs.first(where: { $0.name == place.name }), let loss = output.loss else { return }
        let shape = shape(of: output)
        let labels = input.layout.elements[place.element].shape
        if let why = loss.mismatch(labels: labels, predictions: shape) {
            let row = rows.first ?? []
            // An output of more axes than one number or one class a row needs: the axes of the input have come through.
            if row.count > 1, shape.count == row.count, shape.count > labels.count + 1 {
                throw SpecError(
                    model.pointer,
                    "makes an output of shape \(shape) of each row, but a row's label has the shape \(labels): a Flatten seems "
                        + "to be missing before the first Dense, which works on the last axis alone")
            }
            throw SpecError(source, outputs.count > 1 ? "does not fit the output \(output.name): \(why)" : why)
        }
        if let classes = place.classes, let wrong = input.labels?.firstWrong(classes: classes) {
            throw SpecError(source, InputDefinition.words(wrong))
        }
    }

    // MARK: Weights

    /// Which of a record's arrays weigh the losses of which outputs: one those of all, several each its own.
    private func arrangedWeights() throws(SpecError) -> [InputArrangement.Place] {
        let given = input.layout.weights.map(\.name)
        guard !given.isEmpty else { return [] }
        let isOne = given.count == 1
        guard let places = isOne ? outputs.map({ _ in 0 }) : InputArrangement.places(of: outputs.map(\.name), in: given)
        else {
            throw SpecError(
                source,
                "has \(given.count) sample weights: expected one for all outputs, or one for each of \(outputs.names)")
        }
        let first = input.layout.labelRange.upperBound
        for (output, place) in zip(outputs, places) where output.loss != nil || !output.weightedMetrics.isEmpty {
            let weights = input.layout.elements[first + place]
            guard Self.weigh(weights.shape, shape(of: output)) else {
                throw SpecError(
                    source,
                    "has sample weights \(weights.name) of shape \(weights.shape) a row, but the output \(output.name) has the "
                        + "shape \(shape(of: output)): expected one number a row, or one for each of its first axes")
            }
        }
        return zip(outputs, places).prefix(given.count).map { output, place in
            InputArrangement.Place(name: output.name, element: first + place)
        }
    }

    /// Whether weights of one shape go with the losses of an output of another, both of one row.
    private static func weigh(_ weights: [Int], _ output: [Int]) -> Bool {
        let axes = weights.last == 1 ? weights.dropLast() : weights[...]
        return axes.count < max(1, output.count) && axes.elementsEqual(output.prefix(axes.count))
    }
}
