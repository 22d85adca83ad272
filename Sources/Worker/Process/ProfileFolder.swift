import Estimator
import Formats

/// The profiles of a job in its folder: `profiles/<number>.<first step>-<last step>.json`, the newest ones.
struct ProfileFolder {
    /// How many are kept.
    static let most = 20
    /// Its name in the job's folder.
    static let name = "profiles"

    private let path: String
    private let files: any CheckpointFiles

    /// The folder of a job, which need not be there.
    init(modelDirectory: String, files: any CheckpointFiles = POSIXCheckpointFiles()) {
        path = "\(modelDirectory)/\(Self.name)"
        self.files = files
    }

    /// Writes a profile under a temporary name, then gives it its own, and removes the oldest ones beyond ``most``.
    ///
    /// - Returns: its number, and its bytes.
    func add(_ profile: RunProfile, of job: String) throws(CheckpointFileError) -> (number: Int, bytes: Int) {
        try files.makeFolder(path)
        let names = try files.names(in: path)
        let numbers = names.compactMap { name in name.split(separator: ".").first.flatMap { Int($0) } }
        let number = (numbers.max() ?? 0) + 1
        let bytes = profile.chromeTrace(process: "job \(job)").serialized()
        let unfinished = "\(path)/.unfinished"
        try files.write(bytes, to: unfinished)
        try files.rename(unfinished, to: "\(path)/\(number).\(profile.firstStep)-\(profile.lastStep).json")
        for name in names {
            guard let old = name.split(separator: ".").first.flatMap({ Int($0) }), old <= number - Self.most else {
                continue
            }
            try files.removeFile("\(path)/\(name)")
        }
        return (number, bytes.count)
    }
}
