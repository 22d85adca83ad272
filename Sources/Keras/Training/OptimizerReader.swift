package import Estimator
package import Formats

/// A job's `optimizer` as the estimator's: Keras' classes and TensorFlow 1's by name.
package enum OptimizerReader {
    private static let rows = OptimizerRow.keras + OptimizerRow.tensorFlow

    /// Each by its class name; Keras', which doesn't look at the case of letters, also by its name in small ones.
    private static let byName: [String: OptimizerRow] = {
        var byName: [String: OptimizerRow] = [:]
        for row in rows {
            byName[row.className] = row
            if row.family == .keras { byName[row.className.lowercased()] = row }
        }
        return byName
    }()

    private static func row(_ name: String) -> OptimizerRow? {
        if let row = byName[name] { return row }
        return byName[name.lowercased()].flatMap { $0.family == .keras ? $0 : nil }
    }

    /// Reads a name, Keras' serialized form or the short form.
    ///
    /// - Parameter end: what the training ends with.
    package static func read(
        _ value: JSON, at pointer: JSONPointer, end: OptimizerOptions.End, faults: SpecErrors
    ) -> (any Optimizer)? {
        guard let object = KerasObject(value, at: pointer, what: "an optimizer", faults: faults) else { return nil }
        guard let row = row(object.className) else {
            object.refuse(
                "optimizer", supported: Array(byName.keys), laterOnes: KerasNames.laterOptimizers, faults: faults)
            return nil
        }
        let reader = object.reader(faults)
        let rate = learningRate(reader, row)
        var optimizer = row.make(reader, rate)
        reader.accept(row.idle)
        switch row.family {
        case .keras:
            optimizer = OptimizerOptions(reader).applied(
                to: optimizer, rate: rate, weightDecay: row.weightDecay, end: end)
        case .tensorFlow: reader.accept("name", "use_locking")
        }
        reader.finish()
        return optimizer
    }

    /// The learning rate, a number or a schedule. `lr` is Keras' old word for it, and `decay` divides it by
    /// 1 + decay · steps done, as Keras' optimizers did until 2.10.
    private static func learningRate(_ reader: ObjectReader, _ row: OptimizerRow) -> LearningRate {
        let isKeras = row.family == .keras
        let name = isKeras && reader.has("lr") ? "lr" : "learning_rate"
        if name == "lr", reader.has("learning_rate") {
            reader.fault("lr", "is the old word for learning_rate: give one of them")
        }
        let decay = isKeras ? oldDecay(reader, row) : 0
        if let value = reader.value(name, required: row.learningRate == nil), value.object != nil {
            if decay > 0 { reader.fault("decay", "can't be given together with a schedule, which says it all") }
            return ScheduleReader.read(value, at: reader.pointer(to: name), faults: reader.faults) ?? LearningRate(0)
        }
        let rate = reader.double(name, in: .notNegative) ?? row.learningRate ?? 0
        // The formula of an inverse time decay over single steps.
        return decay > 0
            ? LearningRate(TimeDecay(.inverse, initialRate: rate, decaySteps: 1, decayRate: decay)) : LearningRate(rate)
    }

    private static func oldDecay(_ reader: ObjectReader, _ row: OptimizerRow) -> Double {
        if !row.isOldFormula {
            reader.notSupported(
                "decay",
                because: "it is a mark of Keras' optimizers before 2.11, where \(row.className) has another formula")
            return 0
        }
        return reader.double("decay", default: 0, in: .notNegative)
    }
}
