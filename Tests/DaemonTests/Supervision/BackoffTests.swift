import Daemon
import Testing

@Suite struct BackoffTests {
    @Test func eachWaitIsTwiceTheLast() {
        var backoff = Backoff()
        let waits = (0..<9).map { _ in backoff.next() }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
        backoff.reset()
        #expect(backoff.next() == .seconds(1))
    }

    @Test func noNumberOfFailuresTraps() {
        var backoff = Backoff(longest: 10)
        for _ in 0..<1000 { _ = backoff.next() }
        #expect(backoff.next() == .seconds(10))
    }
}
