package import Estimator
import Formats
import Glibc

/// A job's predictions as lines of JSON, one a row of the input: `{"index":0,"dense":[…],"class":3,"probability":0.98}`.
///
/// Numbers are written with as few digits as tell them from their neighbours; what is not finite is null. Class and
/// probability are those of the only output, where its numbers are one a class.
package struct PredictionLines: Sendable {
    private struct Output: Sendable {
        /// `"dense":`
        let key: String
        let tensor: String
        /// Extents of a row.
        let shape: [Int]
    }

    private let outputs: [Output]
    private let scores: ClassScores?
    private var index = 0

    init(_ definitions: [OutputDefinition], shapes: [[Int]]) {
        outputs = zip(definitions, shapes).map { definition, shape in
            let key = String(decoding: JSON.string(definition.name).serialized(), as: UTF8.self)
            return Output(key: "\(key):", tensor: definition.predictionsName, shape: shape)
        }
        scores = definitions.count == 1 ? definitions.first?.scores : nil
    }

    /// How many lines there are so far.
    package var count: Int { index }

    /// The lines of one batch, by the names of the predictions.
    ///
    /// - Throws: `TrainingError.modelFailed` where an output is missing.
    package mutating func lines(of batch: (String) -> HostTensor?) throws(TrainingError) -> [UInt8] {
        var values: [[Float]] = []
        for output in outputs {
            guard let tensor = batch(output.tensor) else {
                throw .modelFailed(detail: "the predictions lack \(output.tensor)")
            }
            values.append(tensor.floats)
        }
        let sizes = outputs.map { $0.shape.reduce(1, *) }
        let rows = zip(values, sizes).map { $0.count / max(1, $1) }.min() ?? 0
        var text = ""
        for row in 0..<rows {
            text += "{\"index\":\(index)"
            index += 1
            for (place, output) in outputs.enumerated() {
                var rest = values[place][(row * sizes[place])..<((row + 1) * sizes[place])]
                text += ",\(output.key)"
                Self.write(&rest, output.shape[...], to: &text)
            }
            if let scores { Self.writeClass(values[0][(row * sizes[0])..<((row + 1) * sizes[0])], scores, to: &text) }
            text += "}\n"
        }
        return Array(text.utf8)
    }

    private static func write(_ values: inout ArraySlice<Float>, _ shape: ArraySlice<Int>, to text: inout String) {
        guard let extent = shape.first else {
            text += number(values.popFirst() ?? .nan)
            return
        }
        text += "["
        for place in 0..<extent {
            if place > 0 { text += "," }
            write(&values, shape.dropFirst(), to: &text)
        }
        text += "]"
    }

    private static func number(_ value: Float) -> String { value.isFinite ? value.description : "null" }

    /// The first class with the largest number, and its probability; null where a number is NaN.
    private static func writeClass(_ values: ArraySlice<Float>, _ scores: ClassScores, to text: inout String) {
        guard let largest = values.max(), let place = values.firstIndex(of: largest), !values.contains(where: \.isNaN)
        else {
            text += ",\"class\":null,\"probability\":null"
            return
        }
        let probability =
            switch scores {
            case .probabilities: largest
            case .logits: Float(1 / values.reduce(0) { $0 + exp(Double($1) - Double(largest)) })
            }
        text += ",\"class\":\(place - values.startIndex),\"probability\":\(number(probability))"
    }
}
