/// Adds up the time of each stage and of each instruction of the steps that an executor runs.
// @unchecked: the calling thread alone writes stages and steps; each worker writes its own row of instructions.
final class StepClock: @unchecked Sendable {
    /// The place of each stage's first instruction.
    private let first: [Int]
    private let count: Int
    private var stages: [UInt64]
    private let instructions: UnsafeMutablePointer<UInt64>
    private let workers: Int
    private var steps = 0

    /// A clock for stages of so many instructions each.
    init(instructions counts: [Int], workers: Int) {
        var first: [Int] = []
        var count = 0
        for each in counts {
            first.append(count)
            count += each
        }
        self.first = first
        self.count = count
        self.workers = workers
        stages = [UInt64](repeating: 0, count: counts.count)
        instructions = .allocate(capacity: max(1, count * workers))
        instructions.initialize(repeating: 0, count: max(1, count * workers))
    }

    deinit { instructions.deallocate() }

    /// Notes that a stage took from `start` until now.
    func add(stage: Int, since start: UInt64) {
        stages[stage] += MonotonicClock.nanoseconds() - start
        if stage == stages.count - 1 { steps += 1 }
    }

    /// Notes that a worker spent the time from `start` until now on an instruction of a stage.
    func add(stage: Int, instruction: Int, worker: Int, since start: UInt64) {
        instructions[worker * count + first[stage] + instruction] += MonotonicClock.nanoseconds() - start
    }

    /// Seconds of one step that went into a stage, and into each of its instructions over all workers.
    func seconds(ofStage stage: Int) -> (stage: Double, instructions: [Double]) {
        let scale = 1e-9 / Double(max(1, steps))
        let end = stage + 1 < first.count ? first[stage + 1] : count
        let each = (first[stage]..<end).map { instruction in
            (0..<workers).reduce(0.0) { $0 + Double(instructions[$1 * count + instruction]) * scale }
        }
        return (Double(stages[stage]) * scale, each)
    }

    /// Whole steps since the start or the last `reset`.
    var stepCount: Int { steps }

    /// Forgets what was added.
    func reset() {
        for stage in stages.indices { stages[stage] = 0 }
        instructions.update(repeating: 0, count: max(1, count * workers))
        steps = 0
    }
}
