import Testing
import Worker

@Suite struct MemoryPolicyTests {
    @Test(arguments: [
        (plan: 0, held: 0, limit: 1 << 30), (1 << 20, 1 << 21, 1 << 30 + 3 << 21), (.max, 1, .max),
        (.max / 4, 1 << 40, .max),
        (1, .max - 4, .max),
    ]) func theLimitIsFourTimesThePlanAndSomeMore(plan: Int, held: Int, limit: Int) {
        #expect(MemoryPolicy.standard(planBytes: plan, heldBytes: held) == limit)
    }

    @Test func aProcessHoldsSomething() throws {
        let held = try #require(MemoryPolicy.heldBytes())
        #expect(held > 1 << 16 && held < 1 << 45)
        let limit = try #require(MemoryPolicy.standard(planBytes: 1 << 40))
        #expect(limit > 1 << 42 && limit < 1 << 45 + 1 << 43)
    }
}
