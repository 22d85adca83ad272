/// Remembers how features and labels are made up, so that the infeed's list of tensors becomes features and labels again
/// (TensorFlow: `InputsStructureRecorder` of `tpu_estimator.py`, rules R1–R4).
package struct StructureRecorder: Sendable {
    private struct Recorded {
        /// In the order of the first call; nil for a value without names.
        let featureKeys: [String]?
        let labelKeys: [String]?
        let hasLabels: Bool
    }

    private var recorded: Recorded?

    /// A recorder that has seen nothing.
    package init() {}

    /// Whether there were labels; false before the first call.
    package var hasLabels: Bool { recorded?.hasLabels ?? false }

    /// Records the structure at the first call, and compares with it at each further one. The order of keys may change.
    ///
    /// - Throws: `featureKeysMismatched`, `labelKeysMismatched`, `labelPresenceMismatched`, in this order.
    package mutating func validateAndRecord<Element>(
        _ features: Structure<Element>, _ labels: Structure<Element>?
    ) throws(EstimatorError) {
        guard let recorded else {
            self.recorded = Recorded(
                featureKeys: features.keys, labelKeys: labels?.keys, hasLabels: labels != nil)
            return
        }
        guard features.keys.map(Set.init) == recorded.featureKeys.map(Set.init) else { throw .featureKeysMismatched }
        guard (labels?.keys).map(Set.init) == recorded.labelKeys.map(Set.init) else { throw .labelKeysMismatched }
        guard (labels != nil) == recorded.hasLabels else { throw .labelPresenceMismatched }
    }

    /// The tensors of features, then those of labels, in the recorded order.
    ///
    /// - Throws: as ``validateAndRecord(_:_:)`` does where they are not made up as recorded.
    package mutating func flatten<Element>(
        _ features: Structure<Element>, _ labels: Structure<Element>?
    ) throws(EstimatorError) -> [Element] {
        try validateAndRecord(features, labels)
        let values = features.elements(in: recorded?.featureKeys)
        return labels.map { values + $0.elements(in: recorded?.labelKeys) } ?? values
    }

    /// Features and labels of a list as ``flatten(_:_:)`` gives it.
    ///
    /// - Throws: `flattenedCountMismatched`.
    package func unflatten<Element>(
        _ tensors: [Element]
    ) throws(EstimatorError) -> (features: Structure<Element>, labels: Structure<Element>?) {
        let featureCount = recorded?.featureKeys?.count ?? 1
        let labelCount = hasLabels ? recorded?.labelKeys?.count ?? 1 : 0
        guard tensors.count == featureCount + labelCount else {
            throw .flattenedCountMismatched(expected: featureCount + labelCount, actual: tensors.count)
        }
        let features = Structure(tensors[..<featureCount], keys: recorded?.featureKeys)
        let labels = hasLabels ? Structure(tensors[featureCount...], keys: recorded?.labelKeys) : nil
        return (features, labels)
    }
}

extension Structure {
    /// The names in order; nil for a single value.
    fileprivate var keys: [String]? {
        switch self {
        case .single: nil
        case .named(let elements): Array(elements.keys)
        }
    }

    /// The values in the order of these names, or the only one.
    fileprivate func elements(in keys: [String]?) -> [Element] {
        guard let keys else { return elements }
        return keys.compactMap { self[$0] }
    }

    /// As many values as keys, by these; or the only value.
    fileprivate init(_ values: ArraySlice<Element>, keys: [String]?) {
        guard let keys else {
            self = .single(values[values.startIndex])
            return
        }
        self = .named(.init(uniqueKeysWithValues: zip(keys, values)))
    }
}
