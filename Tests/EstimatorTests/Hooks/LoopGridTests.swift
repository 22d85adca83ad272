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

    /// Loops of a time end at the multiples of every interval, wherever they begin.
    @Test(arguments: [0, 3, 40, 57], [[7], [10, 4], [5, 0, 30, -1]]) func loopsOfATime(origin: Int, intervals: [Int]) {
        let grid = LoopGrid(origin: origin, intervals: intervals)
        let boundaries = ((origin + 1)...200).filter { step in intervals.contains { $0 > 0 && step % $0 == 0 } }
        for step in origin..<150 {
            #expect(step + grid.stepsToBoundary(after: step) == boundaries.first { $0 > step })
            #expect(grid.isBoundary(step) == boundaries.contains(step))
            #expect(grid.boundary(before: step + 1) == (boundaries.last { $0 <= step } ?? origin))
            for every in intervals {
                #expect(grid.crosses(every: every, at: step) == (every > 0 && step > origin && step % every == 0))
            }
        }
        #expect(LoopGrid(origin: 0, intervals: []).stepsToBoundary(after: 5) == Int(Int32.max) - 5)
    }

    /// What cuts a training's loops: its losses' points, its checkpoints by steps, its evaluations.
    @Test func ofATraining() throws {
        var config = RunConfig(tpuConfig: try TPUConfig(secondsPerLoop: 60), saveCheckpointsSteps: 30)
        #expect(LoopGrid(origin: 2, config, evaluatesEvery: 45).intervals == [100, 45, 30])
        config.saveCheckpointsSteps = nil
        config.saveCheckpointsSeconds = 5
        #expect(LoopGrid(origin: 2, config, evaluatesEvery: nil).intervals == [100])
        config.tpuConfig = try TPUConfig(iterationsPerLoop: 6)
        #expect(LoopGrid(origin: 2, config, evaluatesEvery: 45) == LoopGrid(origin: 2, iterations: 6))
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
