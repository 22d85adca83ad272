import Formats
import OrderedCollections
import Testing

@Suite struct LossReductionsTests {
    private func job(_ loss: String, _ reduction: JSON?) -> SmallJob {
        var job = SmallJob.with("loss", [loss: ["reduction": reduction ?? nil]])
        job.spec["metrics"] = nil
        return job.withThreeLabels()
    }

    /// Without weights and masks there are but two: the mean and the sum.
    @Test(
        arguments: [
            ("MeanAbsoluteError", ["auto", "sum_over_batch_size", "mean", "mean_with_sample_weight"], "sum"),
            (
                "absolute_difference",
                ["weighted_sum_by_nonzero_weights", "weighted_sum_over_batch_size", "weighted_mean"], "weighted_sum"
            ),
        ] as [(String, [JSON], JSON)])
    func names(loss: String, means: [JSON], sum: JSON) {
        let plain = job(loss, nil).effect
        #expect(plain != nil)
        for mean in means { #expect(job(loss, mean).effect == plain, "\(mean)") }
        let summed = job(loss, sum).effect
        #expect(summed != nil && summed != plain)
    }

    @Test func othersAreRefused() {
        #expect(
            job("absolute_difference", "none").faults == [
                "/loss/absolute_difference/reduction: \"none\" leaves a loss for each row, but training needs one number: "
                    + "take \"weighted_sum_by_nonzero_weights\", \"weighted_sum\", \"weighted_sum_over_batch_size\" or "
                    + "\"weighted_mean\""
            ])
        #expect(job("MeanSquaredError", "weighted_sum").faults.count == 1)
        #expect(job("MeanSquaredError", 3).faults.first?.hasSuffix(", not 3") == true)
    }
}
