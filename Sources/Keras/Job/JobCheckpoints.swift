package import Datasets
import Estimator
import Formats

/// The checkpoints of other jobs, which a job may start from.
package struct JobCheckpoints: Sendable {
    private let folder: String?
    private let stamps: FileStamps?

    /// Those under the folder that all jobs' folders lie in.
    ///
    /// - Parameters:
    ///   - folder: its absolute path; nil: no job can be named.
    ///   - stamps: gets the stamp of every file that is opened; default nobody does.
    package init(folder: String?, stamps: FileStamps? = nil) {
        self.folder = folder
        self.stamps = stamps
    }

    /// Those of the jobs whose folders lie beside a job's own: all jobs' folders lie in one.
    package init(beside modelDirectory: String) {
        self.init(folder: modelDirectory.lastIndex(of: "/").map { String(modelDirectory[..<$0]) })
    }

    /// Where the files of jobs are opened.
    var roots: DataRoots { DataRoots(folder.map { [$0] } ?? [], stamps: stamps) }

    /// A file of a checkpoint, below ``roots``; by default that of the model's variables.
    static func path(of job: String, step: Int, _ file: String = CheckpointLayout.model) -> String {
        "\(job)/\(CheckpointLayout.folder)/\(step)/\(file)"
    }

    /// The steps of a job's checkpoints, newest first, also of damaged ones; empty where no job has the id.
    func steps(of job: String) throws(CheckpointFileError) -> [Int] { try store(job)?.steps() ?? [] }

    /// The step of a job's checkpoint whose files match their digests: of this step, or the newest; nil: there is none.
    func good(_ step: Int?, of job: String) throws(CheckpointFileError) -> Int? {
        guard let store = store(job) else { return nil }
        if let step { return try store.checkpoint(at: step)?.step }
        return try store.latestGood()?.step
    }

    /// An id is letters and digits, and never a path.
    private func store(_ job: String) -> CheckpointStore? {
        guard let folder, !job.isEmpty,
            job.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) })
        else { return nil }
        return CheckpointStore(modelDirectory: "\(folder)/\(job)")
    }
}
