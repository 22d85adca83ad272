/// The weights of labels and predictions that have come to the host: those of a third tensor behind them, else 1 each.
package struct PositionWeights {
    private let values: [Double]
    private let count: Int

    /// The weights of `count` numbers: one for each, or one for as many that follow each other (those of a row).
    ///
    /// - Throws: ``MetricError`` where there are more weights than numbers, or some of another count.
    package init(_ tensors: [HostTensor], count: Int) throws {
        values = tensors.count > 2 ? tensors[2].doubles : []
        self.count = count
        guard values.isEmpty || count % values.count == 0 else {
            throw MetricError("\(values.count) weights don't fit predictions of shape \(tensors[1].type.shape)")
        }
    }

    /// The weight of a number by its index.
    package subscript(place: Int) -> Double { values.isEmpty ? 1 : values[place / (count / values.count)] }
}

extension MetricError {
    /// Labels that don't go with the predictions behind them.
    static func labelsDontFit(_ tensors: [HostTensor]) -> MetricError {
        MetricError("labels of shape \(tensors[0].type.shape) don't fit predictions of shape \(tensors[1].type.shape)")
    }
}
