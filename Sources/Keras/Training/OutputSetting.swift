import Formats
import OrderedCollections

/// What a job says of one output of its model.
struct OutputSetting {
    /// The name of the layer that gives it.
    let name: String
    /// Nil: the output is not trained.
    var loss: LossDefinition?
    /// What the loss is multiplied by in the sum of all. Default 1.
    var weight = 1.0
    var metrics: [MetricReader] = []
    /// Metrics whose rows count by their sample weights.
    var weightedMetrics: [MetricReader] = []

    /// Reads `loss`, `loss_weights`, `metrics` and `weighted_metrics`: one value for all outputs, a list in their order, or an
    /// object by their names (Keras' `compile`).
    ///
    /// - Parameters:
    ///   - outputs: the names of the model's outputs; nil where the model is at fault: then only what does not depend on
    ///     them is looked at.
    ///   - version: what a plain list of metrics of several outputs means differs.
    /// - Returns: as many as outputs; one where they are not known.
    static func read(
        _ reader: ObjectReader, outputs: [String]?, version: KerasVersion, needsLoss: Bool
    ) -> [OutputSetting] {
        var settings = (outputs ?? [""]).map { OutputSetting(name: $0) }
        readLosses(reader, &settings, isKnown: outputs != nil, isNeeded: needsLoss)
        readWeights(reader, &settings, isKnown: outputs != nil)
        readMetrics(reader, "metrics", \.metrics, &settings, isKnown: outputs != nil, version)
        readMetrics(reader, "weighted_metrics", \.weightedMetrics, &settings, isKnown: outputs != nil, version)
        nameWeighted(&settings)
        checkNames(settings, reader.faults)
        return settings
    }

    /// What an evaluation calls a number of an output: with the output's name in front where there are several.
    static func resultName(_ name: String, of output: String, among count: Int) -> String {
        count > 1 ? "\(output)_\(name)" : name
    }

    // MARK: Losses

    private static func readLosses(
        _ reader: ObjectReader, _ settings: inout [OutputSetting], isKnown: Bool, isNeeded: Bool
    ) {
        guard let value = reader.value("loss", required: isNeeded) else { return }
        let place = reader.pointer(to: "loss")
        let before = reader.faults.count
        if value.array != nil || isByOutput(value, settings) {
            for (index, one) in byOutput(reader, "loss", settings, isKnown: isKnown) where !one.value.isNull {
                settings[index].loss = LossDefinition(one.value, at: one.pointer, faults: reader.faults)
            }
        } else if let loss = LossDefinition(value, at: place, faults: reader.faults) {
            for index in settings.indices { settings[index].loss = loss }
        }
        if isKnown, isNeeded, reader.faults.count == before, settings.allSatisfy({ $0.loss == nil }) {
            reader.fault("loss", "gives none of the model's outputs a loss: \(settings.names)")
        }
    }

    /// Whether an object has a member for each output, and is not one loss.
    private static func isByOutput(_ value: JSON, _ settings: [OutputSetting]) -> Bool {
        guard let members = value.object, members["class_name"] == nil else { return false }
        guard members.count == 1, let (name, config) = members.elements.first else { return true }
        if settings.contains(where: { $0.name == name }) { return true }
        return !(config.isNull || config.object != nil && config["class_name"] == nil)
    }

    // MARK: Weights

    private static func readWeights(_ reader: ObjectReader, _ settings: inout [OutputSetting], isKnown: Bool) {
        guard let value = reader.value("loss_weights") else { return }
        guard value.array != nil || value.object != nil else {
            reader.fault(
                "loss_weights",
                "must be an object by the names of the model's outputs, or a list in their order, not \(value.inWords)")
            return
        }
        for (index, one) in byOutput(reader, "loss_weights", settings, isKnown: isKnown) where !one.value.isNull {
            if let weight = reader.element(one.value, at: one.pointer, in: .any) { settings[index].weight = weight }
        }
    }

    // MARK: Metrics

    private static func readMetrics(
        _ reader: ObjectReader, _ field: String, _ read: WritableKeyPath<OutputSetting, [MetricReader]>,
        _ settings: inout [OutputSetting], isKnown: Bool, _ version: KerasVersion
    ) {
        guard let value = reader.value(field) else { return }
        let place = reader.pointer(to: field)
        guard let list = value.array else {
            if value.object == nil || !isByOutput(value, settings) {
                reader.fault(
                    field,
                    "must be a list, or an object by the names of the model's outputs, not \(value.inWords)")
                return
            }
            for (index, one) in byOutput(reader, field, settings, isKnown: isKnown) {
                settings[index][keyPath: read] = metrics(one.value, at: one.pointer, reader.faults)
            }
            return
        }
        // Keras 2 gives every output the metrics of a plain list, Keras 3 each output one.
        let isForAll = !list.contains { $0.array != nil } && (settings.count == 1 || version == .keras2)
        if isForAll {
            let all = metrics(value, at: place, reader.faults)
            for index in settings.indices { settings[index][keyPath: read] = all }
        } else {
            for (index, one) in byOutput(reader, field, settings, isKnown: isKnown) {
                settings[index][keyPath: read] = metrics(one.value, at: one.pointer, reader.faults)
            }
        }
    }

    /// A weighted metric that has the name of another metric of its output is told apart, as in Keras.
    private static func nameWeighted(_ settings: inout [OutputSetting]) {
        for index in settings.indices {
            let names = Set(settings[index].metrics.map(\.name))
            for place in settings[index].weightedMetrics.indices
            where names.contains(settings[index].weightedMetrics[place].name) {
                settings[index].weightedMetrics[place].name = "weighted_\(settings[index].weightedMetrics[place].name)"
            }
        }
    }

    /// One metric or several; entries at fault are left out.
    private static func metrics(_ value: JSON, at pointer: JSONPointer, _ faults: SpecErrors) -> [MetricReader] {
        guard let list = value.array else {
            return value.isNull ? [] : [MetricReader(value, at: pointer, faults: faults)].compactMap(\.self)
        }
        guard list.count <= 1000 else {
            faults.add(pointer, "must have at most 1000 elements, not \(list.count)")
            return []
        }
        return list.enumerated().compactMap { MetricReader($1, at: pointer.appending($0), faults: faults) }
    }

    /// Names that evaluations have themselves (TensorFlow: `ops.GraphKeys.GLOBAL_STEP`, `model_fn.LOSS_METRIC_KEY`).
    private static let reserved: Set<String> = ["loss", "global_step"]

    /// No two numbers of an evaluation have the same name.
    private static func checkNames(_ settings: [OutputSetting], _ faults: SpecErrors) {
        var seen: Set<String> = []
        if settings.count > 1 {
            for setting in settings where setting.loss != nil {
                seen.insert(resultName("loss", of: setting.name, among: settings.count))
            }
        }
        for setting in settings {
            for metric in setting.metrics + setting.weightedMetrics {
                let name = resultName(metric.name, of: setting.name, among: settings.count)
                if reserved.contains(name) {
                    faults.add(
                        metric.pointer,
                        "\"\(name)\" is reserved: every evaluation has it beside the metrics; give the metric another name"
                    )
                } else if !seen.insert(name).inserted {
                    faults.add(
                        metric.pointer,
                        "\(name.quotedForMessage) is another metric's name, too; give one of them another name")
                }
            }
        }
    }

    // MARK: By output

    /// The values of a list in the outputs' order or of an object by their names, with the place of each output. What
    /// names no output is a fault, unless the outputs are not known.
    private static func byOutput(
        _ reader: ObjectReader, _ field: String, _ settings: [OutputSetting], isKnown: Bool
    ) -> [(index: Int, value: (value: JSON, pointer: JSONPointer))] {
        if reader.value(field)?.array != nil {
            let list = reader.list(field) ?? []
            if !isKnown { return list.prefix(1).map { (0, $0) } }
            guard list.count == settings.count else {
                reader.fault(
                    field, "has \(list.count) elements, but the model has \(settings.count) outputs: \(settings.names)")
                return []
            }
            return Array(list.enumerated()).map { ($0.offset, $0.element) }
        }
        guard isKnown, let object = reader.object(field) else { return [] }
        var found: [(Int, (JSON, JSONPointer))] = []
        for (index, setting) in settings.enumerated() {
            if let value = object.value(setting.name) {
                found.append((index, (value, object.pointer(to: setting.name))))
            }
        }
        object.finish()
        return found
    }
}

extension [OutputSetting] {
    /// The outputs' names in a sentence.
    var names: String { map(\.name).joined(separator: ", ") }
}
