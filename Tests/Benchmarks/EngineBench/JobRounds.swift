import Datasets
import Formats
import Foundation
import Keras
import OrderedCollections

/// A job's document, trained in rounds in turns with another process: a line on stdin asks for a round, a JSON line on
/// stdout answers. The first line says that the model is built and warm.
enum JobRounds {
    /// Answers until stdin ends.
    static func answer(document path: String) throws {
        let document = try JSON(parsing: [UInt8](Data(contentsOf: URL(filePath: path))))
        let tpu = document["tpu_config"]
        let threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let job = try JobLoop(
            document, name: document["name"]?.string ?? path, shards: tpu?["num_shards"]?.int ?? 8,
            iterations: tpu?["iterations_per_loop"]?.int ?? 100, flops: 0, threads: threads, roots: DataRoots([]))
        _ = try job.secondsPerStep()
        tell(["threads": JSON(threads)])
        while readLine() != nil {
            tell(["seconds": JSON(try job.secondsPerStep()), "peak_bytes": .optional(peakBytes) { JSON($0) }])
        }
    }

    private static func tell(_ answer: JSON) {
        print(answer.text)
        fflush(nil)
    }

    /// The most memory that the process has had.
    private static var peakBytes: Int? {
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        return status?.firstMatch(of: /VmHWM:\s+(\d+) kB/).flatMap { Int($0.1) }.map { $0 * 1024 }
    }
}
