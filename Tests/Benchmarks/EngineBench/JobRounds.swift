import CLinux
import Datasets
import Estimator
import Executor
import Formats
import Foundation
import Keras
import OrderedCollections
import Synchronization

/// A job's document, trained in rounds in turns with other processes: a line on stdin asks for a round, a JSON line on
/// stdout answers. The first line says that the model is built and warm, and what its products compute in a step.
enum JobRounds {
    /// Answers until stdin ends.
    static func answer(document path: String, data: String) throws {
        // As a worker's.
        clinux_give_back_blocks_from(4 << 20)
        let document = try JSON(parsing: [UInt8](Data(contentsOf: URL(filePath: path))))
        let tpu = document["tpu_config"]
        let shards = tpu?["num_shards"]?.int ?? 8
        let threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let flops = Mutex(0)
        var execution = ExecutionOptions(threads: threads)
        execution.makeExecutor = { program, options in
            flops.withLock { $0 = program.productFlops * shards }
            return try LaneExecutor(program: program, options: options)
        }
        // Made for each measurement: its matrices are not to count as the training's memory.
        func limit() throws -> Double { try MachineLimit(threads: threads).flopsPerSecond() }
        let job = try JobLoop(
            document, name: document["name"]?.string ?? path, shards: shards,
            iterations: tpu?["iterations_per_loop"]?.int ?? 100, flops: 0, execution: execution,
            roots: DataRoots([data]))
        _ = try job.secondsPerStep()
        var peak = peakBytes
        tell(["threads": JSON(threads), "flops": JSON(flops.withLock { $0 })])
        while readLine() != nil {
            let before = try limit()
            forgetPeak()
            let seconds = try job.secondsPerStep()
            peak = max(peak ?? 0, peakBytes ?? 0)
            tell([
                "seconds": JSON(seconds), "peak_bytes": .optional(peak) { JSON($0) },
                "limit_flops_per_second": JSON((before + (try limit())) / 2),
            ])
        }
    }

    private static func tell(_ answer: JSON) {
        print(answer.text)
        fflush(nil)
    }

    /// Has the kernel count the most memory anew, from what the process has now (proc(5), `clear_refs`). Where it doesn't, the
    /// limit's matrices count as the training's.
    private static func forgetPeak() {
        guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
        try? file.write(contentsOf: Data("5".utf8))
    }

    /// The most memory that the process has had since then.
    private static var peakBytes: Int? {
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        return status?.firstMatch(of: /VmHWM:\s+(\d+) kB/).flatMap { Int($0.1) }.map { $0 * 1024 }
    }
}
