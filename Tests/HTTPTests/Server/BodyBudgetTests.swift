import HTTP
import TestSupport
import Testing

@Suite struct BodyBudgetTests {
    private let figures = ServerFigures()

    @Test func allTogetherHaveALimit() {
        let budget = BodyBudget(limit: 10, figures: figures)
        #expect(budget.keep(10, of: .name("a")) == nil)
        #expect(budget.keep(1, of: .name("b")) == .all)
        #expect(budget.inMemory == 11 && figures.bodyBytes == 11)
        budget.release(11, of: .name("a"))
        #expect(budget.inMemory == 0 && figures.bodyBytes == 0)
        // Nobody is counted where nobody is limited.
        #expect(budget.clients == 0)
    }

    @Test func oneClientHasALimit() {
        let budget = BodyBudget(limit: 10, clientLimit: 5, figures: figures)
        #expect(budget.keep(5, of: .name("a")) == nil)
        #expect(budget.keep(1, of: .name("a")) == .client)
        #expect(budget.keep(4, of: .user(1)) == nil)
        #expect(budget.keep(1, of: .user(2)) == .all)
        budget.release(6, of: .name("a"))
        #expect(budget.keep(5, of: .name("a")) == nil)
    }

    /// Whatever is kept and released, what is left is what was kept and not released.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func everyByteIsCountedOnce(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let budget = BodyBudget(limit: 500, clientLimit: 100, figures: figures)
        var kept: [ClientKey: [Int]] = [:]
        for round in 0..<1_000 {
            let client = ClientKey.name("\(random.below(8))")
            if random.below(2) == 0, let count = kept[client]?.popLast() {
                budget.release(count, of: client)
            } else {
                let count = 1 + random.below(40)
                kept[client, default: []].append(count)
                let own = kept[client, default: []].reduce(0, +)
                let all = kept.values.joined().reduce(0, +)
                #expect(
                    budget.keep(count, of: client) == (all > 500 ? .all : own > 100 ? .client : nil),
                    "seed \(seed), round \(round)")
            }
            #expect(budget.inMemory == kept.values.joined().reduce(0, +), "seed \(seed), round \(round)")
            #expect(budget.clients == kept.values.count { !$0.isEmpty }, "seed \(seed), round \(round)")
        }
    }
}
