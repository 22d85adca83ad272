import Estimator
import Testing

@Suite struct CheckpointScheduleTests {
    /// Loop boundaries, and those at which a checkpoint is due.
    @Test(arguments: [
        (100, 0, [50, 100, 150, 200], [100, 200]),
        (100, 0, [70, 140, 210, 280, 350], [140, 210, 350]),
        (100, 0, [250, 260, 299, 300], [250, 300]),
        (100, 120, [150, 199, 200], [200]),
        (100, 100, [110, 199, 201], [201]),
        (1, 0, [1, 2, 3], [1, 2, 3]),
    ]) func firstBoundaryAtOrPastAMultiple(every: Int, start: Int, boundaries: [Int], expected: [Int]) {
        var schedule = CheckpointSchedule(interval: .steps(every), step: start, time: 0)
        var due: [Int] = []
        for step in boundaries where schedule.isDue(step: step, time: 0) {
            due.append(step)
            schedule.taken(step: step, time: 0)
        }
        #expect(due == expected)
    }

    @Test func byTime() {
        var schedule = CheckpointSchedule(interval: .nanoseconds(10), step: 0, time: 5)
        #expect(!schedule.isDue(step: 1, time: 14))
        #expect(schedule.isDue(step: 1, time: 15))
        #expect(!schedule.isDue(step: 0, time: 99))
        schedule.taken(step: 1, time: 15)
        #expect(!schedule.isDue(step: 2, time: 24))
        #expect(schedule.isDue(step: 2, time: 25))
    }

    @Test func fromTheConfiguration() {
        #expect(CheckpointSchedule.Interval(RunConfig()) == .steps(1000))
        #expect(CheckpointSchedule.Interval(RunConfig(saveCheckpointsSteps: 7)) == .steps(7))
        #expect(CheckpointSchedule.Interval(RunConfig(saveCheckpointsSeconds: 2)) == .nanoseconds(2_000_000_000))
        #expect(CheckpointSchedule.Interval(RunConfig(saveCheckpointsSteps: 0)) == .never)
    }

    @Test func neverIsNever() {
        #expect(!CheckpointSchedule(interval: .never, step: 0, time: 0).isDue(step: 1 << 40, time: .max))
    }
}
