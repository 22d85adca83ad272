import Executor
import Glibc

/// What a training step costs beside what the machine can do, measured in turns in one run:
///   engine-bench DATA [rounds]
///   engine-bench depth [layers…]
///   engine-bench rounds JOB.json [DATA]
///   engine-bench allocations JOB.json [DATA]
///   engine-bench profile JOB.json [--threads 2] [--rounds 5] [--shards 8] [--lanes 4] [--lines 12] [--data DATA] [--format json]
/// DATA is the folder that holds `digits`. `depth` measures what comes before the first step of deep models, by default
/// of 1,000 and 10,000 layers. `rounds` trains a job's document in rounds that another process asks for; `allocations`
/// counts what its steps take from the heap. `profile` tells where the time of a job's steps goes; Tests/Benchmarks/models
/// has jobs.
@main
enum EngineBench {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let data = arguments.first else {
            print(
                "usage: engine-bench DATA [rounds] | depth [layers…] | rounds JOB.json [DATA] | "
                    + "allocations JOB.json [DATA] | profile JOB.json …")
            exit(2)
        }
        if data == "depth" {
            let layers = arguments.dropFirst().compactMap(Int.init)
            return try ModelDepth.report(layers: layers.isEmpty ? [1_000, 10_000] : layers)
        }
        if ["rounds", "allocations"].contains(data), let document = arguments.dropFirst().first {
            let folder = arguments.dropFirst(2).first ?? "docs/examples/data"
            if data == "rounds" { return try JobRounds.answer(document: document, data: folder) }
            return try StepAllocations.report(document: document, data: folder)
        }
        if data == "profile" {
            let rest = Array(arguments.dropFirst())
            guard let job = rest.first, let options = JobProfile.Options(Array(rest.dropFirst())) else {
                print(
                    "usage: engine-bench profile JOB.json [--threads 2] [--rounds 5] [--shards 8] [--lanes 4] "
                        + "[--lines 12] [--data DATA] [--format json]"
                )
                exit(2)
            }
            return try JobProfile(job, options).report()
        }
        let rounds = arguments.dropFirst().first.flatMap(Int.init) ?? 7
        let threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let limit = try MachineLimit(threads: threads)
        let jobs = try [JobLoop.Model.digits, .large].flatMap { model in
            try [1, 8].map { try JobLoop(model, shards: $0, threads: threads, data: data) }
        }
        let table = TableReading()
        defer { table.remove() }
        for job in jobs { _ = try job.secondsPerStep() }
        var tables: [(rate: Double, limit: Double)] = []
        var limits: [Double] = []
        var seconds = [[Double]](repeating: [], count: jobs.count)
        for _ in 0..<rounds {
            let before = limit.flopsPerSecond()
            for (place, job) in jobs.enumerated() { seconds[place].append(try job.secondsPerStep()) }
            limits.append((before + limit.flopsPerSecond()) / 2)
            tables.append((try table.bytesPerSecond(), try table.limitBytesPerSecond()))
        }
        print("\(threads) threads, sgemm on all of them at once: \(decimal(median(limits) / 1e9, 0)) GFLOP/s")
        for pair in [0, 2] {
            for place in [pair, pair + 1] { report(jobs[place], seconds[place], limits) }
            let cost = zip(seconds[pair + 1], seconds[pair]).map(/)
            print("\(jobs[pair].name), 8 shards to 1 shard, time of a step: \(decimal(median(cost), 2))")
        }
        print(
            "CSV to numbers, one thread: \(decimal(median(tables.map(\.rate)) / 1e6, 0)) MB/s, "
                + "\(decimal(median(tables.map { $0.rate / $0.limit }), 3)) of reading the file alone")
    }

    private static func report(_ job: JobLoop, _ seconds: [Double], _ limits: [Double]) {
        let share = zip(seconds, limits).map { Double(job.flops) / $0 / $1 }
        print(
            "\(job.name), \(job.shards) shard\(job.shards == 1 ? "" : "s"): "
                + "\(decimal(1 / median(seconds), 0)) steps/s, \(decimal(median(seconds) * 1e6, 0)) µs a step, "
                + "\(decimal(median(share), 2)) of the limit")
    }
}
