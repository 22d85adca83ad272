import Glibc

/// Makes folders that are still there after a power loss: a new name is on disk only once its parent is.
package enum DurableFolder {
    /// Makes a folder and those above it that are missing, and makes each new name durable. What is there already costs
    /// no write.
    ///
    /// - Parameters:
    ///   - path: An absolute path.
    ///   - mode: What new folders permit; default 0750.
    /// - Throws: `folder`.
    package static func make(_ path: String, mode: UInt32 = 0o750) throws(StoreError) {
        var parent = "/"
        for part in path.split(separator: "/") {
            let folder = parent == "/" ? "/" + part : parent + "/" + part
            if mkdir(folder, mode) == 0 {
                try StateFolder.synchronize(folder: parent)
            } else if errno != EEXIST {
                throw .folder(call: "mkdir", errno: errno)
            }
            parent = folder
        }
    }
}
