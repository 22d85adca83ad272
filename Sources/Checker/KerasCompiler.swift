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
        if ProgramDefinition.isOne(spec) {
            return Self.program(spec, dataRoots: dataRoots, worker: worker, faults: faults)
        }
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
        let shards = job.useTPU ? job.numShards : nil
        return CompiledJob(
            mode: Self.mode(job.mode), shards: shards, deviceJob: Self.deviceJob(job.context, job.mode),
            canonical: .object(job.canonical),
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
    private static func deviceJob(_ context: TPUContext, _ mode: JobDefinition.Mode) -> String {
        (try? context.withMode(mode.trains ? .train : mode.evaluates ? .evaluate : .predict).masterJob) ?? "localhost"
    }

    /// The raw values of both are the contract's words.
    private static func mode(_ mode: JobDefinition.Mode) -> JobMode {
        guard let known = JobMode(rawValue: mode.rawValue) else {
            preconditionFailure("mode \(mode.rawValue) is none of the contract's")
        }
        return known
    }
}

extension KerasCompiler {
    /// A job that a program does. It is read, and its files are looked at; the program is the operator's, and is not run to check a
    /// job.
    private static func program(
        _ spec: JSON, dataRoots: [String], worker: CheckRequest.Worker, faults: SpecErrors
    ) -> CompiledJob? {
        let stamps = FileStamps()
        guard
            let job = ProgramDefinition.read(
                spec, roots: DataRoots(dataRoots, stamps: stamps),
                jobs: JobCheckpoints(folder: worker.jobsFolder, stamps: stamps), names: worker.programs, faults: faults)
        else { return nil }
        let shards = job.useTPU ? job.numShards : nil
        let context = TPUContext(
            config: job.config, trainBatchSize: job.trainBatchSize, evalBatchSize: job.evalBatchSize, useTPU: job.useTPU
        )
        return CompiledJob(
            mode: mode(job.mode), shards: shards, deviceJob: deviceJob(context, job.mode),
            canonical: .object(job.canonical), files: stamps.all
        ) {
            var plan = job.plan
            plan["slice"] = .optional(shards.flatMap { try? Slice(shards: $0) }) { .string($0.name) }
            return plan
        }
    }
}

extension JobDefinition {
    /// How the job is laid out, without a mode.
    fileprivate var context: TPUContext {
        TPUContext(config: config, trainBatchSize: trainBatchSize, evalBatchSize: evalBatchSize, useTPU: useTPU)
    }
}
