import Estimator
import TestSupport
import Testing

@Suite struct EstimatorErrorDescriptionTests {
    /// A batch size that does not fit is told with the nearest that does.
    @Test(arguments: [
        (7, 8, "8"), (9, 8, "8"), (12, 8, "8"), (13, 8, "16"), (1, 8, "8"), (100, 3, "99"), (0, 8, "8"), (-3, 8, "8"),
    ])
    func nearestMultiple(size: Int, shards: Int, advice: String) {
        for error in [
            EstimatorError.trainBatchSizeNotDivisible(batchSize: size, numShards: shards),
            .evalBatchSizeNotDivisible(batchSize: size, numShards: shards),
        ] {
            #expect(
                error.description.contains("batch size \(size) must be divisible by the number of shards \(shards)"))
            #expect(error.description.hasSuffix(": \(advice) is"))
        }
    }

    @Test func adviceFits() throws {
        let seed: UInt64 = 41
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let (size, shards) = (random.below(10_000) + 1, random.below(500) + 1)
            let text = EstimatorError.trainBatchSizeNotDivisible(batchSize: size, numShards: shards).description
            let advice = try #require(text.dropLast(3).split(separator: " ").last.flatMap { Int($0) }, "seed \(seed)")
            #expect(advice > 0 && advice % shards == 0 && abs(advice - size) < shards, "seed \(seed): \(text)")
        }
    }

    /// Numbers that nobody can meet give no advice, and trap nowhere.
    @Test(arguments: [(5, 0), (5, -1), (Int.min, 8), (-100, 8)])
    func withoutAdvice(size: Int, shards: Int) {
        let text = EstimatorError.evalBatchSizeNotDivisible(batchSize: size, numShards: shards).description
        #expect(text.hasSuffix("the number of shards \(shards)"))
    }

    @Test func theLargestNumbers() {
        let text = EstimatorError.trainBatchSizeNotDivisible(batchSize: .max, numShards: 8).description
        #expect(text.hasSuffix(": \(Int.max / 8 * 8) is"))
    }
}
