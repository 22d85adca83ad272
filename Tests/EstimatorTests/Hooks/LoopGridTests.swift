import Estimator
import Testing

@Suite struct LoopGridTests {
    /// Whatever the step at which a loop begins, it ends at the next boundary; walking on from there meets them all.
    @Test func loopsEndOnTheGrid() {
        for (origin, iterations) in [(0, 1), (0, 7), (3, 7), (500, 100)] {
            let grid = LoopGrid(origin: origin, iterations: iterations)
            let boundaries = (1...5).map { origin + $0 * iterations }
            for step in origin..<(origin + 5 * iterations) {
                let next = step + grid.stepsToBoundary(after: step)
                #expect(next == boundaries.first { $0 > step })
                #expect(grid.isBoundary(next))
                #expect(grid.boundary(before: step + 1) == (boundaries.last { $0 <= step } ?? origin))
            }
            #expect(!grid.isBoundary(origin))
        }
    }

    @Test func hugeNumbers() {
        let grid = LoopGrid(origin: 0, iterations: .max)
        #expect(grid.stepsToBoundary(after: 5) == .max - 5)
        #expect(grid.isBoundary(.max))
        #expect(LoopGrid(origin: .min, iterations: 3).stepsToBoundary(after: .max) == 3)
        #expect(LoopGrid(origin: 0, iterations: 0).stepsToBoundary(after: 9) == 1)
        #expect(!LoopGrid(origin: 0, iterations: 4).crosses(every: 0, at: 8))
    }
}
