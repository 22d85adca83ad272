import Datasets
import TestSupport
import Testing

@Suite struct EpochOrderTests {
    /// Whatever the window, each record comes once, and none earlier than the window reaches.
    @Test func isAPermutationWithinItsWindow() {
        let seed = UInt64.random(in: 0 ... .max)
        print("orders of seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let count = random.below(60)
            let window = 1 + random.below(80)
            let order = EpochOrder(count: count, bufferSize: window, seed: random.next(), epoch: random.below(5))
                .records
            #expect(order.sorted() == (0..<UInt32(count)).map { $0 }, "seed \(seed)")
            for (place, record) in order.enumerated() {
                #expect(Int(record) < place + window, "record \(record) at \(place), window \(window), seed \(seed)")
            }
        }
    }

    @Test func aWindowOfOneKeepsTheOrder() {
        #expect(EpochOrder(count: 5, bufferSize: 1, seed: 9, epoch: 0).records == [0, 1, 2, 3, 4])
        #expect(EpochOrder(count: 0, bufferSize: 3, seed: 9, epoch: 0).records == [])
    }

    @Test func dependsOnSeedAndEpochAlone() {
        func order(seed: UInt64, epoch: Int) -> [UInt32] {
            EpochOrder(count: 100, bufferSize: 100, seed: seed, epoch: epoch).records
        }
        #expect(order(seed: 1, epoch: 0) == order(seed: 1, epoch: 0))
        #expect(order(seed: 1, epoch: 0) != order(seed: 1, epoch: 1))
        #expect(order(seed: 1, epoch: 0) != order(seed: 2, epoch: 0))
    }
}
