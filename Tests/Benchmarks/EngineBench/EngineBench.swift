import Executor
import Glibc
import Graph

/// What a training step costs beside what the machine can do, measured in turns in one run:
///   swift run -c release engine-bench [rounds]
///
/// Input is fed by a thread of its own through the infeed queue, as in a job; what it copies is always the same batch.
@main
enum EngineBench {
    static func main() throws {
        let rounds = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 7
        let threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let limit = MachineLimit(threads: threads)
        let digits = try [1, 8].map { try TrainingLoop(.digits, replicas: $0, threads: threads) }
        let large = try [1, 8].map { try TrainingLoop(.large, replicas: $0, threads: threads) }
        for loop in digits + large { try loop.run(steps: 5) }
        var limits: [Double] = []
        var digitSteps: [[Double]] = [[], []]
        var largeSteps: [[Double]] = [[], []]
        for _ in 0..<rounds {
            limits.append(limit.flopsPerSecond())
            for (place, loop) in digits.enumerated() { digitSteps[place].append(try loop.secondsPerStep(steps: 2_000)) }
            for (place, loop) in large.enumerated() { largeSteps[place].append(try loop.secondsPerStep(steps: 20)) }
            limits[limits.count - 1] = (limits[limits.count - 1] + limit.flopsPerSecond()) / 2
        }
        for loop in digits + large { loop.stop() }
        print("\(threads) threads, sgemm on all of them at once: \(decimal(median(limits) / 1e9, 0)) GFLOP/s")
        for (loop, seconds) in zip(digits, digitSteps) { report(loop, seconds, limits) }
        let cost = zip(digitSteps[1], digitSteps[0]).map(/)
        print("digits MLP, 8 cores to 1 core, time of a step: \(decimal(median(cost), 2))")
        for (loop, seconds) in zip(large, largeSteps) { report(loop, seconds, limits) }
    }

    private static func report(_ loop: TrainingLoop, _ seconds: [Double], _ limits: [Double]) {
        let share = zip(seconds, limits).map { Double(loop.flops) / $0 / $1 }
        print(
            "\(loop.name), \(loop.replicas) core\(loop.replicas == 1 ? "" : "s"), \(loop.lanes) lanes: "
                + "\(decimal(1 / median(seconds), 0)) steps/s, \(decimal(median(seconds) * 1e6, 0)) µs a step, "
                + "\(decimal(median(share), 2)) of the limit")
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func decimal(_ value: Double, _ places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return places == 0 ? "\(Int(rounded))" : "\(rounded)"
    }
}
