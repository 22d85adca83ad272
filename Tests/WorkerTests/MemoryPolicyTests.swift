import Testing
import Worker

@Suite struct MemoryPolicyTests {
    @Test(arguments: [
        (peak: 0, held: 0, limit: 1 << 30), (1 << 20, 1 << 21, 1 << 30 + 3 << 21), (.max, 1, .max),
        (.max / 4, 1 << 40, .max),
        (1, .max - 4, .max),
    ]) func theLimitIsFourTimesThePlanAndSomeMore(peak: Int, held: Int, limit: Int) {
        #expect(MemoryPolicy.standard(peakBytes: peak, heldBytes: held) == limit)
    }

    @Test func withoutAPlanThereIsNoLimit() {
        #expect(MemoryPolicy.standard(peakBytes: nil) == nil)
    }

    @Test func aProcessHoldsSomething() throws {
        let held = try #require(MemoryPolicy.heldBytes())
        #expect(held > 1 << 16 && held < 1 << 45)
    }
}
