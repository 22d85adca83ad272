import HTTP
import Reactor
import Testing

@Suite struct ReadBudgetTests {
    @Test func aTurnIsSharedAndEverybodyGoesOn() {
        func turn(_ number: UInt64) -> MonotonicInstant { MonotonicInstant(nanoseconds: number) }
        var budget = ReadBudget()
        #expect(budget.allowance(in: turn(1)) == ReadBudget.turn)
        budget.read(1 << 16)
        #expect(budget.allowance(in: turn(1)) == ReadBudget.turn - (1 << 16))
        budget.read(ReadBudget.turn)
        #expect(budget.allowance(in: turn(1)) == ReadBudget.least)
        budget.read(ReadBudget.least)
        #expect(budget.allowance(in: turn(1)) == ReadBudget.least)
        #expect(budget.allowance(in: turn(2)) == ReadBudget.turn)
    }
}
