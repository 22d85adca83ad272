import API
import Formats
import Jobs

extension JobArgument {
    /// The job's checkpoint of a step; nil: its newest good one.
    ///
    /// - Throws: ``NotFound``.
    func checkpoint(_ step: Int?, of id: JobID, on server: DaemonClient) throws -> CheckpointView {
        let all = try server.get("/v1/jobs/\(id)/checkpoints", CheckpointList.self).view.elements
        let chosen = all.first { checkpoint in
            if let step { checkpoint.step == step } else { checkpoint.state == .good }
        }
        if let chosen { return chosen }
        let what = step.map { "checkpoint at step \($0)" } ?? "good checkpoint yet"
        throw NotFound(message: "job \(id) has no \(what)")
    }
}

extension CheckpointView {
    /// The file of this name.
    ///
    /// - Throws: ``NotFound``.
    func file(_ name: String) throws -> CheckpointFile {
        if let file = files.first(where: { $0.name == name }) { return file }
        let names = files.map(\.name).joined(separator: ", ")
        throw NotFound(message: "the checkpoint at step \(step) has no file \(name); it has \(names)")
    }

    /// Where the server has one of its files.
    func path(of name: String, job: JobID) -> String {
        "/v1/jobs/\(job)/checkpoints/\(step)/\(PercentEncoding.encoded(name))"
    }
}
