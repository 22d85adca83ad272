import Glibc
import Reactor

/// The state folder's path.
package enum StateFolderPath {
    /// Makes the folder with its parents where it is missing, and gives its absolute path without links: a worker
    /// starts in another folder than the daemon.
    package static func make(_ path: String) throws(DaemonError) -> String {
        var parents = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            parents += "/" + part
            if mkdir(parents, 0o750) != 0 && errno != EEXIST {
                throw .stateFolder(path: path, SystemError(call: "mkdir", code: errno))
            }
        }
        guard let resolved = realpath(path, nil) else {
            throw .stateFolder(path: path, SystemError(call: "realpath", code: errno))
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
