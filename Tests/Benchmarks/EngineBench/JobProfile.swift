import Datasets
import Estimator
import Executor
import Formats
import Foundation
import Graph
import Keras
import OrderedCollections

/// Where the time of one job's training steps goes: milliseconds a step beside the machine's limit, then every region
/// with its instructions, or with `--format json` one line with the time by kind of work (``StepParts``). Its products alone count
/// as operations.
final class JobProfile {
    /// How the job is run and what is printed.
    struct Options {
        var threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        /// Device loops that are measured; one more warms up.
        var rounds = 5
        /// Simulated cores in place of the job's.
        var shards: Int?
        /// Lanes in place of those that the executor chooses.
        var lanes: Int?
        /// Instructions that are printed of a region, the longest first.
        var lines = 12
        /// Folder of the job's data.
        var data = "docs/examples/data"
        /// Whether one line of JSON is printed.
        var isJSON = false

        /// Reads `--threads 2 --rounds 5 --shards 8 --lanes 4 --lines 40 --data FOLDER --format json`; nil for anything else.
        init?(_ arguments: [String]) {
            for place in stride(from: 0, to: arguments.count, by: 2) {
                guard place + 1 < arguments.count else { return nil }
                let value = arguments[place + 1]
                let number = Int(value).flatMap { $0 > 0 ? $0 : nil }
                switch (arguments[place], number) {
                case ("--threads", let number?): threads = number
                case ("--rounds", let number?): rounds = number
                case ("--shards", let number?): shards = number
                case ("--lanes", let number?): lanes = number
                case ("--lines", let number?): lines = number
                case ("--data", _): data = value
                case ("--format", _) where value == "json": isJSON = true
                default: return nil
                }
            }
        }
    }

    private let options: Options
    private let estimator: TPUEstimator
    private let input: any InputFunction
    private let iterations: Int
    private let shards: Int
    private let observer: LoopTimes
    private let made = MadeExecutor()
    private let folder: URL

    init(_ path: String, _ options: Options) throws {
        self.options = options
        let text = try Data(contentsOf: URL(fileURLWithPath: path))
        var spec = try JSON(parsing: [UInt8](text))
        if let shards = options.shards {
            var tpu = spec["tpu_config"] ?? [:]
            tpu["num_shards"] = JSON(shards)
            spec["tpu_config"] = tpu
        }
        let roots = DataRoots([options.data])
        let faults = SpecErrors()
        guard let job = JobDefinition.read(spec, roots: roots, faults: faults), let input = try job.trainingInput(roots)
        else { throw JobLoop.Failure(faults: faults.all) }
        self.input = input
        iterations = job.config.tpuConfig.iterationsPerLoop
        observer = LoopTimes(iterations: iterations)
        shards = max(1, job.numShards)
        folder = URL.temporaryDirectory.appending(path: "tpud-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var execution = ExecutionOptions(threads: options.threads, lanes: options.lanes)
        execution.makeExecutor = { [made] program, options in
            var options = options
            options.isProfiled = true
            return try made.make(program, options)
        }
        estimator = try job.estimator(
            modelDirectory: folder.path, lock: nil, roots: roots, execution: execution, observer: observer)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Trains and prints.
    func report() throws {
        let limit = try MachineLimit(threads: options.threads)
        var limits = [limit.flopsPerSecond()]
        observer.between = { limits.append(limit.flopsPerSecond()) }
        observer.warmedUp = { [made] in _ = made.executor?.takeProfile() }
        try estimator.train(input: input, steps: iterations * (options.rounds + 1), dataStart: .checkpoint)
        guard let executor = made.executor, let profile = executor.takeProfile() else { return }
        let seconds = observer.seconds
        let flops = Double(executor.program.productFlops * shards)
        // Each loop beside the limit right behind it.
        let shares = zip(seconds, limits.suffix(seconds.count)).map { flops / $0 / $1 }
        if options.isJSON {
            printParts(profile, seconds: median(seconds), limit: median(limits), flops: flops, bytes: executor.bytes)
            return
        }
        print(
            "\(decimal(median(seconds) * 1e3, 2)) ms a step (\(decimal(seconds.min()! * 1e3, 2)) at best) on "
                + "\(options.threads) threads, \(decimal(flops / 1e9, 2)) G operations in products: "
                + "\(decimal(median(shares), 3)) of the limit of \(decimal(median(limits) / 1e9, 0)) GFLOP/s; planned in "
                + "\(decimal(made.seconds * 1e3, 0)) ms; \(executor.bytes >> 20) MiB; "
                + "\(profile.regions.count) regions, \(profile.regions.count { $0.tasks > 1 }) meetings")
        for (place, region) in profile.regions.enumerated() {
            print("region \(place): \(region.grid), \(region.tasks) tasks: \(decimal(region.seconds * 1e3, 3)) ms")
            let busiest = region.instructions.sorted { $0.seconds > $1.seconds }.prefix(options.lines)
            for instruction in busiest where instruction.seconds >= 1e-5 {
                print("    \(decimal(instruction.seconds * 1e3, 3)) ms \(instruction.description)")
            }
        }
        printOps(profile)
    }

    private func printParts(_ profile: StepProfile, seconds: Double, limit: Double, flops: Double, bytes: Int) {
        let parts = StepParts(profile, stepSeconds: seconds, threads: options.threads)
        let times = StepParts.Part.allCases.map { ($0.rawValue, JSON(1e3 * (parts.seconds[$0] ?? 0))) }
        let line: JSON = [
            "ms": JSON(1e3 * seconds), "threads": JSON(options.threads),
            "ms_at_the_limit": JSON(1e3 * flops / limit), "limit_gflops": JSON(limit / 1e9),
            "parts": .object(OrderedDictionary(uniqueKeysWithValues: times + [("waiting", JSON(1e3 * parts.waiting))])),
            "regions": JSON(profile.regions.count), "meetings": JSON(profile.regions.count { $0.tasks > 1 }),
            "plan_bytes": JSON(bytes),
        ]
        print(line.text)
    }

    /// All threads' time by what is computed, whatever the node.
    private func printOps(_ profile: StepProfile) {
        var times: [String: (seconds: Double, count: Int)] = [:]
        for instruction in profile.regions.flatMap(\.instructions) {
            let op = String(instruction.description.prefix { $0 != ":" && $0 != "(" })
            times[op, default: (0, 0)].seconds += instruction.seconds
            times[op, default: (0, 0)].count += 1
        }
        print("all threads' time by op:")
        for (op, time) in times.sorted(by: { $0.value.seconds > $1.value.seconds }).prefix(options.lines) {
            print("    \(decimal(time.seconds * 1e3, 3)) ms in \(time.count): \(op)")
        }
    }
}
