import API
import Formats
import Glibc
import HTTP
import HTTPTypes
import Jobs
import Reactor
import Store

extension Endpoints {
    /// `GET /v1/jobs/{id}/checkpoints/{step}/{file}`, whole or a range of it.
    func download(_ request: Request, _ query: QueryValues) async throws -> Response {
        let record = try await job(request)
        let name = request.parameter("file") ?? ""
        // Only names that the store has are looked for on disk, so that a path never leaves the checkpoint's folder.
        guard let step = request.parameter("step").flatMap({ StrictInteger.parse($0) }),
            let checkpoint = try await services.store.checkpoints(of: record.id).first(where: { $0.step == step }),
            let file = checkpoint.files.first(where: {
                $0.name == (name == CheckpointView.onnx ? CheckpointView.model : name)
            })
        else {
            throw Problem(.noSuchFile, detail: "Job \(record.id) has no such checkpoint or file")
        }
        if name == CheckpointView.onnx { return try await onnx(of: checkpoint, file, record, request) }
        if let response = Self.notModified(file.sha256, request) { return response }
        switch try await services.checkpoints.verify(checkpoint, of: record) {
        case .good: break
        case .damaged: throw Self.damaged(step)
        case .gone: throw Self.gone
        }
        let path = CheckpointFolder(modelDirectory: services.modelDirectory(record)).path(of: name, step: step)
        return try await self.file(
            file, at: path, type: name.hasSuffix(".json") ? "application/json" : "application/octet-stream", request,
            gone: Self.gone)
    }

    /// `model.onnx` of a checkpoint, whole or a range of it. It is made for each request, the same bytes from the same variables
    /// by the same build.
    private func onnx(
        of checkpoint: StoredCheckpoint, _ variables: CheckpointFile, _ record: JobRecord, _ request: Request
    ) async throws -> Response {
        let name = "onnx-\(Build.number)-\(variables.sha256)"
        if let response = Self.notModified(name, request) { return response }
        switch try await services.checkpoints.verify(checkpoint, of: record) {
        case .good: break
        case .damaged: throw Self.damaged(checkpoint.step)
        case .gone: throw Self.gone
        }
        let made = try await services.reactor.execute { [services] in
            try await services.exporter.export(
                modelDirectory: services.modelDirectory(record), step: checkpoint.step)
        }
        return try answer(
            request, with: made.descriptor, length: made.length, name: name, type: "application/octet-stream")
    }

    /// `GET /v1/jobs/{id}/predictions`, whole or a range of them.
    func predictions(_ request: Request, _ query: QueryValues) async throws -> Response {
        let record = try await job(request)
        guard record.mode == .predict else {
            throw Problem(
                .noSuchFile,
                detail:
                    "Job \(record.id) has the mode \(record.mode.rawValue): only jobs with the mode predict have predictions"
            )
        }
        let result = try record.result.map { try ResultView(wire: JSON(parsing: Array($0.utf8), limits: .own)) }
        guard let file = result?.predictions else {
            guard !record.state.isFinal else {
                throw Problem(
                    .noSuchFile, detail: "Job \(record.id) ended as \(record.state.rawValue), without predictions")
            }
            throw Self.illegal(
                record.state.rawValue, allowed: [],
                "Job \(record.id) is \(record.state.rawValue): its predictions can be read once it has SUCCEEDED, which "
                    + "GET /v1/jobs/\(record.id)?until=terminal waits for")
        }
        return try await self.file(
            file, at: "\(services.modelDirectory(record))/predictions.ndjson", type: "application/x-ndjson", request,
            gone: Problem(.noSuchFile, detail: "The predictions of job \(record.id) are not there any more"))
    }

    /// A file that was written once and never changes, whole or a range of it.
    private func file(
        _ file: CheckpointFile, at path: String, type: String, _ request: Request, gone: Problem
    ) async throws -> Response {
        try await self.file(at: path, length: file.bytes, name: file.sha256, type: type, request, gone: gone)
    }

    /// The same of a file that `name` tells from others.
    func file(
        at path: String, length: Int, name: String, type: String, _ request: Request, gone: Problem
    ) async throws -> Response {
        if let response = Self.notModified(name, request) { return response }
        guard let descriptor = try await DiskWork.run({ try Self.open(path, length: length) }) else { throw gone }
        return try answer(request, with: descriptor, length: length, name: name, type: type)
    }

    /// An open file, whole or a range of it; `name` tells its contents from others.
    private func answer(
        _ request: Request, with descriptor: Int32, length bytes: Int, name: String, type: String
    ) throws -> Response {
        // A range of another state of the file would not fit what the client has (RFC 9110 section 13.1.5).
        let isCurrent = request.field(.ifRange).map { EntityTag.ifRange($0, names: name) } ?? true
        let length = Int64(bytes)
        var response = Response(.ok, fields: [.contentType: type, .eTag: Self.tag(name), .acceptRanges: "bytes"])
        switch ByteRange(field: isCurrent ? request.field(.range) : nil, length: length) {
        case .whole: response.body = try services.files.body(adopting: descriptor, length: length)
        case .part(let range):
            response.status = .partialContent
            response.fields[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)"
            response.body = try services.files.body(
                adopting: descriptor, offset: range.lowerBound, length: Int64(range.count))
        case .unsatisfiable:
            SystemCall.close(descriptor)
            response = Problem(.rangeNotSatisfiable, detail: "The file has \(length) bytes").answer(to: request)
            response.fields[.contentRange] = "bytes */\(length)"
        }
        return response
    }

    private static func tag(_ name: String) -> String { "\"\(name)\"" }

    private static func notModified(_ name: String, _ request: Request) -> Response? {
        guard let field = request.field(.ifNoneMatch), EntityTag.ifNoneMatch(field, names: name) else { return nil }
        return Response(.notModified, fields: [.eTag: tag(name)])
    }

    private static func damaged(_ step: Int) -> Problem {
        Problem(
            .checkpointDamaged,
            detail: "The files of checkpoint \(step) are not what was written; take another one, or train again")
    }

    private static var gone: Problem {
        Problem(.noSuchFile, detail: "The checkpoint has just been removed for newer ones")
    }

    /// Opens a file that must have so many bytes; nil when it is not there any more.
    private static func open(_ path: String, length: Int) throws(SystemError) -> Int32? {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw SystemError(call: "open", code: errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size == length else {
            SystemCall.close(descriptor)
            return nil
        }
        return descriptor
    }

    /// `GET /v1/jobs/{id}/logs`.
    func logs(_ request: Request, _ query: QueryValues) async throws -> Response {
        let record = try await job(request)
        let since = Int64(query.integer("since_offset") ?? 0)
        let tail = query.integer("tail")
        let directory = services.modelDirectory(record)
        let log = try await DiskWork.run { try JobLogFile(modelDirectory: directory) }
        let start: Int64
        let end: Int64
        if let log {
            (start, end) = try await DiskWork.run {
                let end = try log.length()
                return (try tail.map { try log.offset(ofLast: $0, from: min(since, end), to: end) } ?? since, end)
            }
        } else {
            (start, end) = (since, 0)
        }
        var response = Response(
            .ok, fields: [.contentType: "text/plain; charset=utf-8", .cacheControl: CacheControl.never.rawValue])
        if query.flag("follow") {
            response.body = .held(LogFollower(job: record.id, offset: start, among: here.logs))
        } else if let log, start < end {
            response.body = try services.files.body(
                adopting: try log.copiedDescriptor(), offset: start, length: end - start)
        }
        return response
    }
}
