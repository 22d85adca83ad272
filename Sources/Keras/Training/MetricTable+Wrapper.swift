import Formats
import OrderedCollections

/// The mean of a function of labels and predictions.
extension MetricTable {
    /// The mean of one of Keras' functions, whose arguments are members beside its name (Keras: `MeanMetricWrapper`).
    static let wrapper = Row(["MeanMetricWrapper"], nil, isMean: true) { reader in
        let function = function(reader)
        // Which arguments there are is not known without it.
        if function == nil { reader.accept(Array(reader.members.keys)) }
        let row = function ?? binaryAccuracy
        let made = row.read(reader)
        return Made(labels: made.labels ?? row.labels, check: made.check, metric: made.metric)
    }

    /// What is the mean of a function, by the function's names. Those of cosines are the loss here, whose sign is the other one
    /// than the metric's.
    private static let functions: [String: Row] = {
        var functions: [String: Row] = [:]
        for name in names where name == name.lowercased() || name == name.uppercased() {
            guard let row = row(name), row.isMean else { continue }
            functions[name] = row
        }
        for name in ["cosine_similarity", "cosine_proximity"] { functions[name] = LossTable.row(name).map(loss) }
        return functions
    }()

    /// The function that `fn` names; nil where it is at fault.
    private static func function(_ reader: ObjectReader) -> Row? {
        guard let value = reader.value("fn", required: true),
            let object = KerasObject(value, at: reader.pointer(to: "fn"), what: "a function", faults: reader.faults)
        else { return nil }
        guard object.form == .name else {
            reader.fault(
                "fn",
                "must be a function of Keras' by its name, not an object of the class \(object.className): that has a metric of "
                    + "its own",
                code: SpecError.notSupported)
            return nil
        }
        guard let row = functions[object.className] else {
            reader.faults.addUnknown(
                object.className, "a known function of labels and predictions", among: Array(functions.keys),
                later: ["circle", "ctc", "dice", "tversky"], at: object.namePointer)
            return nil
        }
        return row
    }
}
