import Datasets
import Estimator
import Formats
import Foundation
import Keras
import OrderedCollections

/// What a step of a job takes from the heap once it is warm, as a JSON line. All is done by one thread, the calling one,
/// so that nothing escapes the count; the input is made on threads of its own, which is left out.
enum StepAllocations {
    /// Steps of the loops that are compared: what a longer one takes more is the steps'.
    private static let steps = (few: 1, many: 5)

    static func report(document path: String, data: String) throws {
        let document = try JSON(parsing: [UInt8](Data(contentsOf: URL(filePath: path))))
        let counts = try (takes(document, steps.few, data), takes(document, steps.many, data))
        func perStep(_ count: KeyPath<CountingExecutor.Taken, Int>) -> JSON {
            JSON(Double(counts.1[keyPath: count] - counts.0[keyPath: count]) / Double(steps.many - steps.few))
        }
        let line: JSON = ["allocations": perStep(\.ours), "allocations_of_libraries": perStep(\.libraries)]
        print(line.text)
    }

    /// What a warm device loop of so many steps takes: the least of three, as a wait for input now and then takes something, too.
    private static func takes(_ document: JSON, _ iterations: Int, _ data: String) throws -> CountingExecutor.Taken {
        var document = document
        var tpu = document["tpu_config"] ?? [:]
        tpu["iterations_per_loop"] = JSON(iterations)
        document["tpu_config"] = tpu
        let taken = CountingExecutor.Record()
        var execution = ExecutionOptions(threads: 1)
        execution.makeExecutor = { program, options in
            let executor = try CountingExecutor(program: program, options: options)
            executor.record = taken
            return executor
        }
        let job = try JobLoop(
            document, name: "allocations", shards: tpu["num_shards"]?.int ?? 8, iterations: iterations, flops: 0,
            execution: execution, roots: DataRoots([data]))
        var least: CountingExecutor.Taken?
        for _ in 0..<3 {
            _ = try job.secondsPerStep()
            if taken.last.ours < least?.ours ?? .max { least = taken.last }
        }
        return least ?? taken.last
    }
}
