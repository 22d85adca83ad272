import Formats

/// Map steps held against a source's layout: what comes out, and the way there for each element.
///
/// What is the same each time a record is read comes first and can be kept. From the first random step on, the way of the
/// features is gone for each record of the stream anew.
package struct RecordMap: Sendable {
    /// The arrays of each record after the map.
    package let layout: RecordLayout
    /// The arrays of each record before the first random step: those that are kept.
    let kept: RecordLayout
    /// The way of each element of the source to what is kept.
    let ways: [ElementMap]
    /// The way of each feature from there on; empty without a random step.
    let drawn: [ElementMap]

    /// Holds the steps against the layout. All steps that do not fit are thrown together, each by its place; what can't be
    /// told because of a step before it is left out.
    package init(_ steps: [MapStep], _ layout: RecordLayout) throws(DatasetError) {
        var ways = layout.elements.map { ElementMap($0) }
        var drawn: [ElementMap] = []
        var errors: [DatasetError] = []
        func collecting(_ append: () throws(DatasetError) -> Void) {
            do {
                try append()
            } catch {
                errors.append(error)
            }
        }
        for (place, step) in steps.enumerated() {
            let pointer = JSONPointer("map", String(place), step.name)
            if case .oneHot = step {
                if layout.labelRange.isEmpty {
                    errors.append(DatasetError(.mismatch, pointer, "needs labels, but the source has none"))
                }
                for element in layout.labelRange {
                    collecting { () throws(DatasetError) in try ways[element].append(step, pointer) }
                }
                continue
            }
            if step.isRandom, drawn.isEmpty { drawn = ways[..<layout.featureCount].map(ElementMap.init(behind:)) }
            for element in 0..<layout.featureCount {
                collecting { () throws(DatasetError) in
                    if drawn.isEmpty {
                        try ways[element].append(step, pointer)
                    } else {
                        try drawn[element].append(step, pointer)
                    }
                }
            }
        }
        if let error = DatasetError(errors) { throw error }
        self.ways = ways
        self.drawn = drawn
        kept = layout.replacing(ways.map(\.output))
        self.layout = layout.replacing(drawn.map(\.output) + ways[drawn.count...].map(\.output))
    }

    /// Whether what is kept is what the source has.
    func keepsRecordsOf(_ source: RecordLayout) -> Bool { ways.allSatisfy(\.isIdentity) && kept == source }
}

extension RecordLayout {
    /// The layout of as many features, labels and weights, with other elements.
    fileprivate func replacing(_ elements: [ElementSpec]) -> RecordLayout {
        RecordLayout(elements: elements, featureCount: featureCount, weightCount: weightCount)
    }
}
