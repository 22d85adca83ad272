import Testing
import WorkerProtocol

@Suite struct RecentlyUsedTests {
    @Test func whatWasUsedLongestAgoGoesFirst() {
        var kept = RecentlyUsed<Int, String>(largestCount: 2, largestBytes: 10)
        kept.insert("a", for: 1, bytes: 1)
        kept.insert("b", for: 2, bytes: 1)
        #expect(kept.value(for: 1) == "a")
        kept.insert("c", for: 3, bytes: 1)
        #expect(kept.value(for: 2) == nil)
        #expect(kept.value(for: 1) == "a" && kept.value(for: 3) == "c")
        kept.insert("d", for: 3, bytes: 10)
        #expect(kept.value(for: 1) == nil && kept.value(for: 3) == "d")
        kept.insert("e", for: 4, bytes: 11)
        #expect(kept.value(for: 3) == nil && kept.value(for: 4) == nil)
        kept.insert("f", for: 5, bytes: 10)
        kept.remove(5)
        kept.insert("g", for: 6, bytes: 10)
        #expect(kept.value(for: 5) == nil && kept.value(for: 6) == "g")
    }
}
