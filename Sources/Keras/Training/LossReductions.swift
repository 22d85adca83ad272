import Estimator
import Formats

/// How Keras and TensorFlow 1 call the reductions of losses.
enum LossReductions {
    case keras
    case tensorFlow

    private var names: [(name: String, reduction: LossReduction)] {
        switch self {
        case .keras:
            [
                ("sum_over_batch_size", .sumOverBatchSize), ("auto", .sumOverBatchSize), ("mean", .sumOverBatchSize),
                ("sum", .sum), ("mean_with_sample_weight", .mean),
            ]
        case .tensorFlow:
            [
                ("weighted_sum_by_nonzero_weights", .sumByNonzeroWeights), ("weighted_sum", .sum),
                ("weighted_sum_over_batch_size", .sumOverBatchSize), ("weighted_mean", .mean),
            ]
        }
    }

    /// Reads `reduction`; the first name is the default.
    func read(_ reader: ObjectReader) -> LossReduction {
        let all = names
        reader.note("reduction", .value(["enum": JSON(all.map(\.name))]))
        reader.note("reduction", .preset(.string(all[0].name)))
        guard let value = reader.value("reduction") else { return all[0].reduction }
        if let known = all.first(where: { value.string == $0.name }) { return known.reduction }
        let list = all.map(\.name.quotedForMessage).inWords
        if value.string == "none" {
            reader.fault(
                "reduction", "\"none\" leaves a loss for each row, but training needs one number: take \(list)")
        } else {
            reader.fault("reduction", "must be one of \(list), not \(value.inWords)")
        }
        return all[0].reduction
    }
}
