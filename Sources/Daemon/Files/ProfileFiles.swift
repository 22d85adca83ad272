package import API
import Glibc
import Jobs
package import Reactor

/// The profiles that a job's workers have left in its folder. Every method waits for the disk: never on the reactor.
package struct ProfileFiles: Sendable {
    private let path: String

    /// Those of a job's folder, which need not have any.
    package init(modelDirectory: String) { path = "\(modelDirectory)/profiles" }

    /// What is known of each, the newest first.
    /// - Throws: `SystemError` when the folder is there and can't be read.
    package func all() throws(SystemError) -> [ProfileView] {
        try FolderTree.names(in: path).compactMap(view).sorted { $0.profile > $1.profile }
    }

    /// The path of a profile's file.
    package func path(of profile: ProfileView) -> String {
        "\(path)/\(profile.profile).\(profile.firstStep)-\(profile.lastStep).json"
    }

    /// What a name says, and the file of it.
    private func view(_ name: String) -> ProfileView? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == "json", let number = Int(parts[0]) else { return nil }
        let steps = parts[1].split(separator: "-").compactMap { Int($0) }
        var status = stat()
        guard steps.count == 2, lstat("\(path)/\(name)", &status) == 0 else { return nil }
        return ProfileView(
            profile: number, firstStep: steps[0], lastStep: steps[1], bytes: Int(status.st_size),
            createdAt: Timestamp(
                microseconds: Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec) / 1000))
    }
}
