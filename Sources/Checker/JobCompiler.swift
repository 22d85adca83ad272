package import Formats
package import Jobs
package import WorkerProtocol

/// Reads the training part of a job specification: the seam behind which the model is checked and planned.
package protocol JobCompiler: Sendable {
    /// Resolves and builds; every fault goes to `faults`, and nothing comes back then. May read files and take long.
    ///
    /// - Parameter worker: the process that would run the job, whose memory the plan has to fit.
    mutating func compile(
        _ spec: JSON, dataRoots: [String], worker: CheckRequest.Worker, faults: SpecErrors
    ) -> CompiledJob?
}

/// What is known of a job before it runs.
package struct CompiledJob: Sendable {
    /// What it is asked to do.
    package var mode: JobMode
    /// How many cores it needs; nil when it runs without the TPU.
    package var shards: Int?
    /// The name between `/job:` and `/task:` of its devices.
    package var deviceJob: String
    /// The training fields with every default filled in, an object.
    package var canonical: JSON
    /// The files that were looked at, by the paths that the job gives them.
    package var files: [String: FileStamp?]
    /// Makes the plan as a dry run tells it, an object; only a dry run asks for it.
    package var plan: @Sendable () throws -> JSON

    /// Makes it of its members.
    package init(
        mode: JobMode, shards: Int?, deviceJob: String, canonical: JSON, files: [String: FileStamp?] = [:],
        plan: @escaping @Sendable () throws -> JSON
    ) {
        self.mode = mode
        self.shards = shards
        self.deviceJob = deviceJob
        self.canonical = canonical
        self.files = files
        self.plan = plan
    }
}
