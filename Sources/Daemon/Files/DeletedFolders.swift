import Glibc
package import Jobs
package import Reactor

/// The folders of jobs that are being deleted: each is moved aside before its record goes and removed after that, so that
/// an end at any moment leaves a record with its folder or neither. Every call waits for the disk.
package struct DeletedFolders: Sendable {
    /// Its name in the state folder.
    package static let name = "deleted"

    private let stateFolder: String

    /// - Parameter stateFolder: Its path.
    package init(stateFolder: String) { self.stateFolder = stateFolder }

    private func path(_ id: JobID) -> String { "\(stateFolder)/\(Self.name)/\(id)" }

    /// Moves a job's folder aside; one that is not there is fine, as of a job that never ran.
    /// - Parameter modelDir: Relative to the state folder.
    /// - Throws: `SystemError`.
    package func setAside(_ modelDir: String, of id: JobID) throws(SystemError) {
        let folder = "\(stateFolder)/\(Self.name)"
        if mkdir(folder, 0o750) != 0, errno != EEXIST { throw SystemError(call: "mkdir", code: errno) }
        try Self.move("\(stateFolder)/\(modelDir)", to: path(id))
    }

    /// Moves it back: the record stayed.
    /// - Throws: `SystemError`.
    package func bringBack(_ modelDir: String, of id: JobID) throws(SystemError) {
        try Self.move(path(id), to: "\(stateFolder)/\(modelDir)")
    }

    /// Removes it for good.
    /// - Throws: `SystemError`.
    package func remove(_ id: JobID) throws(SystemError) { try FolderTree.remove(path(id)) }

    /// The jobs whose folders are aside: a daemon's end came between.
    /// - Throws: `SystemError`.
    package func all() throws(SystemError) -> [JobID] {
        try FolderTree.names(in: "\(stateFolder)/\(Self.name)").compactMap { JobID($0) }.sorted()
    }

    private static func move(_ from: String, to: String) throws(SystemError) {
        if rename(from, to) != 0, errno != ENOENT { throw SystemError(call: "rename", code: errno) }
    }
}
