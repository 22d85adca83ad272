import Daemon
import Testing

@Suite struct DeliveryBackoffTests {
    @Test func eachWaitIsThreeTimesTheLastUpToTheLongest() {
        let backoff = DeliveryBackoff(first: 5, mostTries: 12)
        let waits = (1...12).map { backoff.longestWait(after: $0) }
        #expect(waits == [5, 15, 45, 135, 405, 1215, 3645, 10_935, 21_600, 21_600, 21_600, nil])
        // All of them together are less than a day, and not much less.
        let sum = waits.compactMap(\.self).reduce(0, +)
        #expect((70_000...86_400).contains(sum))
    }

    @Test(arguments: [(0.0, 2.5), (0.5, 3.75), (1, 5), (-3, 2.5), (7, 5)])
    func aWaitIsSpreadOverItsSecondHalf(jitter: Double, seconds: Double) {
        #expect(DeliveryBackoff(first: 5, mostTries: 2).wait(after: 1, jitter: jitter) == seconds)
    }

    @Test func noNumberOfTriesIsTooLarge() {
        let endless = DeliveryBackoff(first: 0.01, mostTries: .max)
        for tries in [0, 1, 50, 10_000, Int.max - 1] {
            let wait = endless.longestWait(after: tries)
            #expect(wait.map { (0.01...DeliveryBackoff.longest).contains($0) } == true, "\(tries)")
        }
        #expect(DeliveryBackoff(first: 1, mostTries: 1).wait(after: 1, jitter: 0) == nil)
        #expect(DeliveryBackoff(first: 1, mostTries: 1).wait(after: 7, jitter: 0) == nil)
    }
}
