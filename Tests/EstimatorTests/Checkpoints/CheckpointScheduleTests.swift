import Estimator
import Testing

@Suite struct CheckpointScheduleTests {
    /// Every step of a run, whole loops ending where the grid says: those at which a checkpoint is due.
    @Test(arguments: [
        (100, 0, 50, [100, 200, 300]),
        (100, 0, 70, [140, 210, 350]),
        (100, 0, 250, [250]),
        (100, 120, 40, [200, 320]),
        (100, 100, 110, [210, 320]),
        (1, 0, 120, [120, 240, 360]),
    ]) func firstBoundaryAtOrPastAMultiple(every: Int, origin: Int, iterations: Int, expected: [Int]) {
        let grid = LoopGrid(origin: origin, iterations: iterations)
        let schedule = CheckpointSchedule(interval: .steps(every), grid: grid, time: 0)
        let due = (0...360).filter { grid.isBoundary($0) && schedule.isDue(step: $0, time: 0) }
        #expect(due == expected)
        // The last loop of a run may be shorter.
        #expect(schedule.isDue(step: 399, time: 0) == (grid.boundary(before: 399) / every < 399 / every))
    }

    @Test func byTime() {
        var schedule = CheckpointSchedule(
            interval: .nanoseconds(10), grid: LoopGrid(origin: 0, iterations: 1), time: 5)
        #expect(!schedule.isDue(step: 1, time: 14))
        #expect(schedule.isDue(step: 1, time: 15))
        #expect(!schedule.isDue(step: 0, time: 99))
        schedule.taken(time: 15)
        #expect(!schedule.isDue(step: 2, time: 24))
        #expect(schedule.isDue(step: 2, time: 25))
    }

    @Test func fromTheConfiguration() {
        #expect(CheckpointSchedule.Interval(RunConfig()) == .steps(1000))
        #expect(CheckpointSchedule.Interval(RunConfig(saveCheckpointsSteps: 7)) == .steps(7))
        #expect(CheckpointSchedule.Interval(RunConfig(saveCheckpointsSeconds: 2)) == .nanoseconds(2_000_000_000))
        #expect(CheckpointSchedule.Interval(RunConfig(saveCheckpointsSteps: 0)) == .never)
        #expect(CheckpointSchedule.Interval(RunConfig(saveCheckpointsSeconds: .max)) == .nanoseconds(.max))
    }

    @Test func neverIsNever() {
        let grid = LoopGrid(origin: 0, iterations: 1)
        #expect(!CheckpointSchedule(interval: .never, grid: grid, time: 0).isDue(step: 1 << 40, time: .max))
    }
}
