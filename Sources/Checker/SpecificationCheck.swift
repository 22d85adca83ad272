import API
import Formats
import OrderedCollections
package import WorkerProtocol

/// Checks one specification after another: reads it once, finds the faults of the service's part and of the training
/// part together, and writes down what the daemon stores. What was compiled is remembered.
package struct SpecificationCheck<Compiler: JobCompiler> {
    private var compiler: Compiler
    private var memory = CompileMemory()

    /// Nothing is remembered yet.
    package init(compiler: Compiler) { self.compiler = compiler }

    /// Checks one. Reads files, and may take long.
    package mutating func run(_ request: CheckRequest) -> CheckReport.Finding {
        let spec: JSON
        do throws(JSONError) {
            spec = try JSON(parsing: request.body, limits: JSONLimits(depth: JobRequest.Limits.nesting))
        } catch {
            return .unreadable(Problem(error))
        }
        guard let members = spec.object else {
            return .unreadable(Problem(.invalidSpec, detail: "A job specification is a JSON object"))
        }
        let faults = SpecErrors()
        let job = JobRequest(spec: spec, faults: faults)
        let compiled: CompileMemory.Entry?
        do {
            compiled = try self.compiled(spec, members, request, faults)
        } catch {
            faults.add(SpecError(JSONPointer(tokens: ["model"]), "can't be planned: \(error)"))
            compiled = nil
        }
        guard faults.isEmpty, let compiled else {
            return .faulty(FaultyCheck(faults: faults.all, more: faults.more, shards: compiled?.shards))
        }
        let specification = Self.spliced(JSON.object(job.canonical).serialized(), compiled.training)
        guard specification.count <= request.limits.specificationBytes else {
            return .unreadable(
                Problem(
                    .bodyTooLarge,
                    detail:
                        "The specification has \(specification.count) bytes with every default filled in, more than "
                        + "the \(request.limits.specificationBytes) that the daemon's setting max_spec_bytes allows; "
                        + "shorten it or ask the operator for more"))
        }
        return .passed(
            PassedCheck(
                service: .object(members.filter { JobRequest.serviceFields.contains($0.key) }), mode: compiled.mode,
                shards: compiled.shards, deviceJob: compiled.deviceJob,
                keepCheckpointMax: compiled.keepCheckpointMax, specification: specification,
                plan: request.isDryRun ? compiled.plan : nil, files: compiled.files))
    }

    /// The training part as it was compiled before from the same text and the same files, or compiled now.
    private mutating func compiled(
        _ spec: JSON, _ members: OrderedDictionary<String, JSON>, _ request: CheckRequest, _ faults: SpecErrors
    ) throws -> CompileMemory.Entry? {
        // A specification with a fault is rare, and nothing is remembered of it.
        let key = faults.isEmpty ? CompileMemory.key(of: members, request) : nil
        if let key, let entry = memory.entry(for: key), entry.plan != nil || !request.isDryRun { return entry }
        guard
            let job = compiler.compile(
                spec, dataRoots: request.dataRoots, worker: request.worker, faults: faults)
        else { return nil }
        let entry = CompileMemory.Entry(
            mode: job.mode, shards: job.shards, deviceJob: job.deviceJob,
            keepCheckpointMax: job.canonical["run_config"]?["keep_checkpoint_max"]?.int,
            training: job.canonical.serialized(),
            plan: request.isDryRun && faults.isEmpty ? try job.plan().serialized() : nil, files: Self.known(job.files),
            dataRoots: request.dataRoots)
        if let key, entry.files != nil, faults.isEmpty { memory.remember(entry, for: key) }
        return entry
    }

    /// The stamps of all files; nil where one has none.
    private static func known(_ files: [String: FileStamp?]) -> [String: FileStamp]? {
        let known = files.compactMapValues(\.self)
        return known.count == files.count ? known : nil
    }

    /// Two objects' texts as one object's.
    private static func spliced(_ one: [UInt8], _ other: [UInt8]) -> [UInt8] {
        // "{}" has no members to put a comma after.
        guard one.count > 2 else { return other }
        guard other.count > 2 else { return one }
        var both: [UInt8] = []
        both.reserveCapacity(one.count + other.count)
        both += one.dropLast()
        both.append(UInt8(ascii: ","))
        both += other.dropFirst()
        return both
    }
}

extension CheckReport.Finding {
    /// A problem of the text as a whole.
    fileprivate static func unreadable(_ problem: Problem) -> CheckReport.Finding {
        .unreadable(UnreadableCheck(status: problem.status, code: problem.code, detail: problem.detail))
    }
}
