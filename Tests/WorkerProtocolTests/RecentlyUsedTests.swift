import TestSupport
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

    /// Against the same by an array that is searched and moved.
    @Test(arguments: [UInt64(1), .random(in: 0 ... .max)])
    func doesWhatAnArrayDoes(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var kept = RecentlyUsed<Int, Int>(largestCount: 8, largestBytes: 100)
        var model: [(key: Int, value: Int, bytes: Int)] = []
        for step in 0..<5000 {
            let key = random.below(16)
            let index = model.firstIndex { $0.key == key }
            switch random.below(4) {
            case 0:
                if let index { model.remove(at: index) }
                kept.remove(key)
            case 1:
                if let index { model.remove(at: index) }
                let bytes = random.below(40)
                model.append((key, step, bytes))
                kept.insert(step, for: key, bytes: bytes)
                while model.count > 8 || model.map(\.bytes).reduce(0, +) > 100 { model.removeFirst() }
            default:
                if let index { model.append(model.remove(at: index)) }
                #expect(kept.value(for: key) == (index == nil ? nil : model.last?.value), "seed \(seed), step \(step)")
            }
        }
    }
}
