import Estimator
import Formats

/// Reads which predictions a metric counts as a yes.
enum DecisionReader {
    /// Reads `thresholds`, and with classes `top_k` and `class_id`.
    static func read(_ reader: ObjectReader, hasClasses: Bool) -> (Decision, LossDefinition.Check?) {
        let threshold = threshold(reader)
        guard hasClasses else { return (Decision(above: threshold ?? 0.5), nil) }
        let top = reader.int("top_k", in: 1...1000)
        let (classNumber, check) = classNumber(reader)
        let decision = Decision(above: threshold ?? (top == nil ? 0.5 : nil), top: top, classNumber: classNumber)
        return (
            decision,
            { labels, output in
                if let top, top > output.last ?? 1 {
                    return "has top_k \(top), but the output has \(output.last ?? 1) classes"
                }
                return check?(labels, output)
            }
        )
    }

    /// Reads `class_id`.
    static func classNumber(_ reader: ObjectReader) -> (Int?, LossDefinition.Check?) {
        guard let number = reader.int("class_id", in: 0...SpecLimit.extent) else { return (nil, nil) }
        return (
            number,
            { _, output in
                number < output.last ?? 1
                    ? nil : "has class_id \(number), but the output has the classes 0 to \((output.last ?? 1) - 1)"
            }
        )
    }

    private static func threshold(_ reader: ObjectReader) -> Double? {
        guard let value = reader.value("thresholds") else { return nil }
        guard let list = value.array else { return reader.double("thresholds", in: .from(0, to: 1)) }
        guard list.count == 1 else {
            reader.fault(
                "thresholds",
                "must be one number, not \(list.count): a metric is one number; give a metric for each threshold, each with a "
                    + "name of its own")
            return nil
        }
        return reader.doubles("thresholds", in: .from(0, to: 1))?.first
    }
}
