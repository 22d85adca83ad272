import Daemon
import Testing

@Suite struct DescriptorBudgetTests {
    @Test(arguments: [
        (65_536, 2, 10_000, 10_000), (256, 2, 10_000, 132), (256, 64, 10_000, 48), (1_024, 2, 100, 100),
        (0, 0, 10_000, 6), (16, 1_024, 1, 4),
    ]) func connectionsAreWhatTheReserveLeaves(limit: Int, workers: Int, wanted: Int, connections: Int) {
        #expect(DescriptorBudget(limit: limit, workers: workers, wanted: wanted).connections == connections)
    }

    @Test func connectionsAndFilesNeverTakeTheReserve() {
        for limit in stride(from: 128, through: 20_000, by: 37) {
            for workers in [0, 1, 2, 8] {
                let budget = DescriptorBudget(limit: limit, workers: workers, wanted: 10_000)
                let reserve = DescriptorBudget.reserve(workers: workers)
                let taken = budget.connections + budget.files
                #expect(taken <= max(limit - reserve, limit / 4, 8), "limit \(limit), workers \(workers)")
                #expect(budget.files >= 2)
            }
        }
    }

    @Test func theSoftLimitBecomesTheHardOne() {
        let limit = DescriptorBudget.raisedLimit()
        #expect(limit > 0)
        #expect(DescriptorBudget.raisedLimit() == limit)
    }
}
