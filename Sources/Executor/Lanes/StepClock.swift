/// Adds up the time of each region and of each instruction of the steps that an executor runs.
// @unchecked: the calling thread alone writes regions and steps; each worker writes its own row of instructions.
final class StepClock: @unchecked Sendable {
    /// The position of each region's first instruction among all.
    private let first: [Int]
    private let count: Int
    private var regions: [UInt64]
    private let instructions: UnsafeMutablePointer<UInt64>
    private let workers: Int
    private var steps = 0

    /// A clock for regions of so many instructions each.
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
        regions = [UInt64](repeating: 0, count: counts.count)
        instructions = .allocate(capacity: max(1, count * workers))
        instructions.initialize(repeating: 0, count: max(1, count * workers))
    }

    deinit { instructions.deallocate() }

    /// Notes that a region took from `start` until now.
    func add(region: RegionID, since start: UInt64) {
        regions[region] += MonotonicClock.nanoseconds() - start
        if region.index == regions.count - 1 { steps += 1 }
    }

    /// Notes that a worker spent the time from `start` until now on an instruction of a region.
    func add(region: RegionID, instruction: Int, worker: Int, since start: UInt64) {
        instructions[worker * count + first[region] + instruction] += MonotonicClock.nanoseconds() - start
    }

    /// Seconds of one step that went into a region, and into each of its instructions over all workers.
    func seconds(ofRegion region: RegionID) -> (region: Double, instructions: [Double]) {
        let scale = 1e-9 / Double(max(1, steps))
        let next = region.index + 1
        let end = next < first.count ? first[next] : count
        let each = (first[region]..<end).map { instruction in
            (0..<workers).reduce(0.0) { $0 + Double(instructions[$1 * count + instruction]) * scale }
        }
        return (Double(regions[region]) * scale, each)
    }

    /// Whole steps since the start or the last `reset`.
    var stepCount: Int { steps }

    /// Forgets what was added.
    func reset() {
        for region in regions.indices { regions[region] = 0 }
        instructions.update(repeating: 0, count: max(1, count * workers))
        steps = 0
    }
}
