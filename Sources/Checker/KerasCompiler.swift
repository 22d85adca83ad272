import Datasets
import Estimator
package import Formats
import Jobs
import Keras
package import WorkerProtocol

/// The compiler of real jobs: resolves the specification and tries it by building its program.
package struct KerasCompiler: JobCompiler {
    /// The structures of the jobs whose programs could be built last, with the worker that they fit: the further jobs of a
    /// sweep are only read. Of each the hash is kept, 64 bits keyed by the process: were two ever the same, the worker would
    /// find what is wrong with the second.
    private var built = RecentlyUsed<Int, Void>(largestCount: 4096, largestBytes: .max)

    /// There is nothing to choose.
    package init() {}

    /// Reads the definition, then builds its program where none of the same structure has been built.
    package mutating func compile(
        _ spec: JSON, dataRoots: [String], worker: CheckRequest.Worker, faults: SpecErrors
    ) -> CompiledJob? {
        let stamps = FileStamps()
        guard
            let job = JobDefinition.read(
                spec, roots: DataRoots(dataRoots, stamps: stamps),
                jobs: JobCheckpoints(folder: worker.jobsFolder, stamps: stamps), faults: faults)
        else { return nil }
        var execution = ExecutionOptions(threads: max(1, worker.threads))
        execution.memoryBytes = worker.memoryBytes
        do {
            try check(job, execution)
        } catch let error as TooLargeJob {
            faults.add(SpecError(JSONPointer(tokens: ["model"]), "is too large: \(error)"))
            return nil
        } catch let error as SpecError {
            faults.add(error)
            return nil
        } catch {
            faults.add(SpecError(JSONPointer(tokens: ["model"]), "can't be built: \(error)"))
            return nil
        }
        // The raw values of both are the contract's words.
        guard let mode = JobMode(rawValue: job.mode.rawValue) else {
            preconditionFailure("mode \(job.mode.rawValue) is none of the contract's")
        }
        let shards = job.useTPU ? job.numShards : nil
        return CompiledJob(
            mode: mode, shards: shards, deviceJob: Self.deviceJob(job), canonical: .object(job.canonical),
            files: stamps.all
        ) { [execution] in
            var plan = try job.plan(execution).json
            plan["slice"] = .optional(shards.flatMap { try? Slice(shards: $0) }) { .string($0.name) }
            return plan
        }
    }

    /// - Throws: what building the program throws.
    private mutating func check(_ job: JobDefinition, _ execution: ExecutionOptions) throws {
        var hasher = Hasher()
        // Of its text: the hash of an object sees no more than how many members it has.
        hasher.combine(job.structure.serialized())
        hasher.combine(execution.threads)
        hasher.combine(execution.memoryBytes)
        let structure = hasher.finalize()
        if built.value(for: structure) != nil { return }
        try job.check(execution)
        built.insert((), for: structure, bytes: 0)
    }

    /// The name between `/job:` and `/task:` of the job's devices: that of the TPU's job, and TensorFlow's own name of a
    /// local one.
    private static func deviceJob(_ job: JobDefinition) -> String {
        let context = TPUContext(
            config: job.config, trainBatchSize: job.trainBatchSize, evalBatchSize: job.evalBatchSize, useTPU: job.useTPU
        )
        return (try? context.withMode(job.mode.trains ? .train : job.mode.evaluates ? .evaluate : .predict).masterJob)
            ?? "localhost"
    }
}
