package import Graph

/// What a metric adds up over positions: a row is one of them, or several.
package struct PositionSums {
    /// The numbers of each sum, all of one floating type and shape `[rows, …]`; at least one.
    package let values: [Tensor]
    /// 1 where a position counts, 0 where it does not; nil: all count.
    package let mask: Tensor?

    /// Sums of these numbers.
    package init(_ values: [Tensor], mask: Tensor? = nil) {
        self.values = values
        self.mask = mask
    }

    /// The sum of losses.
    package init(_ losses: LossValues) { self.init([losses.positions], mask: losses.mask) }

    /// For each row its sums, each number times its weight, and last the sum of the weights: `[rows, sums + 1]`.
    func rows(weights: Tensor?) -> Tensor {
        let (first, builder) = (values[0], values[0].builder)
        var all = mask?.cast(to: first.dtype)
        if let weights {
            let spread = LossReduction.spread(weights.cast(to: first.dtype), over: first)
            all = all.map { $0 * spread } ?? spread
        }
        let weighted = all.map { all in values.map { $0 * all } } ?? values
        let ones = builder.constant(1, shape: first.shape, dtype: first.dtype)
        let columns = (weighted + [all ?? ones]).map { $0.reduceSum(axes: Array(1..<max(1, $0.rank))) }
        return builder.stack(columns, axis: 1)
    }
}

extension Metric {
    /// A metric of sums over positions: each row's are added up on the device, in the tensors' type, and the rows' on the host,
    /// in double precision and in core order.
    ///
    /// - Parameters:
    ///   - weights: the tensor of the positions' weights: one each, or one a row. Nil: all are 1.
    ///   - sums: what is added up, made of the inputs without the weights.
    ///   - finish: the metric's number from the sums, the last of which is that of the weights.
    package static func sums(
        name: String, inputs: [String], weights: String? = nil,
        of sums: @escaping @Sendable ([Tensor]) -> PositionSums,
        finish: @escaping @Sendable ([Double]) -> Double = { $0[0].dividedSafely(by: $0[1]) }
    ) -> Metric {
        Metric(name: name, inputs: inputs + (weights.map { [$0] } ?? [])) { tensors in
            [
                sums(Array(tensors.prefix(inputs.count)))
                    .rows(weights: tensors.count > inputs.count ? tensors.last : nil)
            ]
        } makeAccumulator: {
            SumAccumulator(finish: finish)
        }
    }

    /// The mean of a loss over positions (Keras' `MeanMetricWrapper`).
    package static func mean(
        of loss: @escaping @Sendable (_ labels: Tensor, _ predictions: Tensor) -> LossValues, labels: String,
        predictions: String, weights: String? = nil, name: String
    ) -> Metric {
        sums(name: name, inputs: [labels, predictions], weights: weights) { PositionSums(loss($0[0], $0[1])) }
    }
}

/// Adds up columns.
private struct SumAccumulator: MetricAccumulator {
    private var sums: [Double] = []
    private let finish: @Sendable ([Double]) -> Double

    init(finish: @escaping @Sendable ([Double]) -> Double) { self.finish = finish }

    mutating func update(_ tensors: [HostTensor]) throws {
        guard tensors.count == 1, tensors[0].shape.count == 2, let columns = tensors[0].shape.last, columns > 0,
            sums.isEmpty || sums.count == columns
        else { throw MetricError("the sums of its rows are not a table of as many columns as before") }
        if sums.isEmpty { sums = [Double](repeating: 0, count: columns) }
        for (place, value) in tensors[0].doubles.enumerated() { sums[place % columns] += value }
    }

    var value: Double { sums.isEmpty ? 0 : finish(sums) }
}
