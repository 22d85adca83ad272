import Daemon
import TestSupport
import Testing

@Suite struct LeastRecentlyUsedTests {
    @Test func whatWasUsedLongestAgoGoesFirst() {
        var kept = LeastRecentlyUsed<String, Int>(limit: 10)
        for (number, key) in ["a", "b", "c"].enumerated() { kept.insert(number, cost: 3, for: key) }
        let used = kept.value(for: "a")
        kept.insert(3, cost: 3, for: "d")
        let values = ["a", "b", "c", "d"].map { kept.value(for: $0) }
        #expect(used == 0)
        #expect(values == [0, nil, 2, 3])
        #expect(kept.cost == 9 && kept.count == 3)
    }

    @Test func whatCostsMoreThanAllMayIsNotKeptAndPushesNothingOut() {
        var kept = LeastRecentlyUsed<String, Int>(limit: 10)
        kept.insert(1, cost: 4, for: "a")
        kept.insert(2, cost: 11, for: "b")
        let values = ["a", "b"].map { kept.value(for: $0) }
        #expect(values == [1, nil])
        // It takes the place of what the key had: that is old by then.
        kept.insert(3, cost: 11, for: "a")
        let after = kept.value(for: "a")
        #expect(after == nil)
        #expect(kept.cost == 0 && kept.count == 0)
    }

    /// Against a list in the order of use.
    @Test(arguments: [1, 2, 3, 0xfeed] as [UInt64]) func agreesWithAList(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var kept = LeastRecentlyUsed<Int, Int>(limit: 100)
        var model: [(key: Int, value: Int, cost: Int)] = []
        for step in 0..<4_000 {
            let key = Int.random(in: 0..<24, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                let cost = Int.random(in: 0..<30, using: &random)
                kept.insert(step, cost: cost, for: key)
                model.removeAll { $0.key == key }
                model.append((key, step, cost))
                while model.reduce(0, { $0 + $1.cost }) > 100 { model.removeFirst() }
            case 2, 3:
                let value = kept.value(for: key)
                let index = model.firstIndex { $0.key == key }
                #expect(value == index.map { model[$0].value }, "seed \(seed), step \(step)")
                if let index { model.append(model.remove(at: index)) }
            default:
                kept.remove(key)
                model.removeAll { $0.key == key }
            }
            #expect(kept.count == model.count, "seed \(seed), step \(step)")
            #expect(kept.cost == model.reduce(0) { $0 + $1.cost }, "seed \(seed), step \(step)")
        }
    }
}
