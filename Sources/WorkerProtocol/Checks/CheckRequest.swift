import Formats

/// What the daemon asks a check process: to read, resolve and build one specification.
package struct CheckRequest: Sendable, Equatable {
    /// Which check this is; the report repeats it.
    package var number: Int
    /// The text as the client sent it: any bytes.
    package var body: [UInt8]
    /// Absolute paths of the data roots.
    package var dataRoots: [String]
    /// Whether the plan is wanted, too.
    package var isDryRun: Bool
    /// What the check may use.
    package var limits: Limits

    /// The process that would run the job.
    package var worker: Worker

    /// What is known of the process that would run a job.
    package struct Worker: Sendable, Equatable {
        /// Threads that compute, at least 1.
        package var threads: Int
        /// Bytes of private memory that it may have; nil where the machine is the limit.
        package var memoryBytes: Int?
        /// The absolute path of the folder that all jobs' folders lie in; nil where no job can be named.
        package var jobsFolder: String?
        /// The names of the programs that the operator has listed.
        package var programs: [String]

        /// Makes it of its members: by default one thread, no limit but the machine's, no other jobs, and no programs.
        package init(
            threads: Int = 1, memoryBytes: Int? = nil, jobsFolder: String? = nil, programs: [String] = []
        ) {
            self.threads = threads
            self.memoryBytes = memoryBytes
            self.jobsFolder = jobsFolder
            self.programs = programs
        }
    }

    /// What one check may use, and how large its result may be.
    package struct Limits: Sendable, Equatable {
        /// Seconds of processor time, at least 1.
        package var processorSeconds: Int
        /// Bytes of the process's own memory.
        package var memoryBytes: Int
        /// Bytes of the specification with every default filled in.
        package var specificationBytes: Int

        /// Makes it of its members.
        package init(processorSeconds: Int, memoryBytes: Int, specificationBytes: Int) {
            self.processorSeconds = processorSeconds
            self.memoryBytes = memoryBytes
            self.specificationBytes = specificationBytes
        }
    }

    /// Makes it of its members.
    package init(
        number: Int, body: [UInt8], dataRoots: [String], isDryRun: Bool, limits: Limits, worker: Worker = Worker()
    ) {
        self.number = number
        self.body = body
        self.dataRoots = dataRoots
        self.isDryRun = isDryRun
        self.limits = limits
        self.worker = worker
    }

    /// The frame and what follows it, to be sent one after the other. The body goes as it is: it may be no JSON at all,
    /// and 32 MiB of it are neither copied nor escaped.
    package var pieces: [[UInt8]] {
        let frame: JSON = [
            "frame": "check", "number": JSON(number), "data_roots": JSON(dataRoots), "dry_run": JSON(isDryRun),
            "processor_seconds": JSON(limits.processorSeconds), "memory_bytes": JSON(limits.memoryBytes),
            "specification_bytes": JSON(limits.specificationBytes), "worker_threads": JSON(worker.threads),
            "worker_memory_bytes": .optional(worker.memoryBytes) { JSON($0) },
            "jobs_folder": .optional(worker.jobsFolder) { .string($0) }, "programs": JSON(worker.programs),
        ]
        return FrameCodec.joined([FrameCodec.encode(frame), FrameCodec.prefix(body.count), body])
    }
}

/// What the daemon asks, as a check process reads it.
package struct CheckRequestReader: FrameReader {
    private var decoder = FrameDecoder(limit: 1 << 31)
    private var waiting: CheckRequest?

    /// Nothing has come yet.
    package init() {}

    package mutating func append(_ bytes: ArraySlice<UInt8>) { decoder.append(bytes) }

    package mutating func next() throws(FrameError) -> CheckRequest? {
        if waiting == nil, let json = try decoder.next() { waiting = try Self.request(json) }
        guard var request = waiting, let body = try decoder.nextPiece() else { return nil }
        waiting = nil
        request.body = body
        return request
    }

    private static func request(_ json: JSON) throws(FrameError) -> CheckRequest {
        var fields = try FrameFields(json)
        guard fields.frame == "check" else { throw .unknownFrame(fields.frame) }
        let request = CheckRequest(
            number: try fields.count("number"), body: [], dataRoots: try fields.strings("data_roots"),
            isDryRun: try fields.bool("dry_run"),
            limits: .init(
                processorSeconds: try fields.count("processor_seconds"), memoryBytes: try fields.count("memory_bytes"),
                specificationBytes: try fields.count("specification_bytes")),
            worker: .init(
                threads: try fields.count("worker_threads"),
                memoryBytes: try fields.optionalCount("worker_memory_bytes"),
                jobsFolder: try fields.optionalString("jobs_folder"), programs: try fields.strings("programs")))
        try fields.finish()
        return request
    }
}
