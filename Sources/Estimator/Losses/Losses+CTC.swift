package import Graph

extension Losses {
    /// −ln of the probability that a sequence of outputs spells a row's labels (connectionist temporal classification, Graves et
    /// al. 2006; Keras: `CTC`): of all ways to put the labels in order on the steps, each on one step or several in
    /// succession, with blanks between them, as has to be where two are the same.
    ///
    /// By the forward recursion in logarithms, a step of it a step of the output. A row whose labels don't fit on the steps has
    /// a loss of 1e30 and a gradient of 0.
    ///
    /// - Parameters:
    ///   - labels: `[rows, length]`, class numbers from the front; 0, the blank, fills the rest.
    ///   - predictions: `[rows, steps, classes]`, logits; class 0 is the blank.
    package static func ctc(labels: Tensor, predictions: Tensor) -> LossValues {
        let (builder, dtype) = (predictions.builder, predictions.dtype)
        guard labels.rank == 2, predictions.rank == 3, labels.shape[0] == predictions.shape[0],
            predictions.shape[1] > 0, predictions.shape[2] > 0
        else {
            builder.record(
                GraphError(
                    .shapeMismatch,
                    "connectionist temporal classification takes labels [rows, length] and predictions [rows, steps, "
                        + "classes], not \(labels.type) and \(predictions.type)"))
            return .positions(predictions)
        }
        let (rows, length) = (labels.shape[0], labels.shape[1])
        let (steps, classes, places) = (predictions.shape[1], predictions.shape[2], 2 * length + 1)
        let labels = labels.cast(to: .int64)
        // A place for each label and for the blanks around them.
        let spelled = builder.concatenate(
            [
                builder.stack([builder.constant(0, shape: Shape([rows, length]), dtype: .int64), labels], axis: 2)
                    .reshape(to: [rows, 2 * length]),
                builder.constant(0, shape: Shape([rows, 1]), dtype: .int64),
            ], axis: 1)
        let scores = predictions.logSoftmax().matmul(spelled.oneHot(depth: classes, dtype: dtype), transposeB: true)
        let never = builder.constant(-1e30, dtype: dtype)
        let place = builder.iota(shape: Shape([rows, places]), axis: 1)
        /// What a place has `distance` places before it.
        func shifted(_ x: Tensor, _ distance: Int, value: Double) -> Tensor {
            x.padded(low: [0, distance], high: [0, 0], value: value).slice(0..<places, axis: 1)
        }
        // From label to label without a blank between, where they differ. Two blanks never do.
        let skips = (spelled .!= shifted(spelled, 2, value: 0)).select(builder.constant(0, dtype: dtype), never)
        func score(_ step: Int) -> Tensor { scores.slice(step..<(step + 1), axis: 1).reshape(to: [rows, places]) }
        var ways = (place .< 2).select(score(0), never)
        for step in 1..<steps {
            let before = [ways, shifted(ways, 1, value: -1e30), shifted(ways, 2, value: -1e30) + skips]
            ways = builder.stack(before, axis: 2).reduceLogSumExp(axes: [2]) + score(step)
        }
        let counts = (labels .!= 0).cast(to: .int64).reduceSum(axes: [1], keepDimensions: true)
        let isEnd = (place .== counts * 2) .| (place .== counts * 2 - 1)
        let spelling = isEnd.select(ways, never).reduceLogSumExp(axes: [1])
        return .positions((spelling .> -1e29).select(-spelling, -never))
    }
}
