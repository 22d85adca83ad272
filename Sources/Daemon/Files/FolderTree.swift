import Glibc
package import Reactor

/// A folder with all that is in it. Links are never followed. Every call waits for the disk.
package enum FolderTree {
    /// Removes it; one that is not there is fine.
    /// - Throws: `SystemError`.
    package static func remove(_ path: String) throws(SystemError) {
        if unlink(path) == 0 || errno == ENOENT { return }
        // Linux says EISDIR of a folder, POSIX EPERM.
        guard errno == EISDIR || errno == EPERM else { throw SystemError(call: "unlink", code: errno) }
        for name in try names(in: path) { try remove("\(path)/\(name)") }
        if rmdir(path) != 0, errno != ENOENT { throw SystemError(call: "rmdir", code: errno) }
    }

    /// The names in a folder, without `.` and `..`; empty where the folder does not exist.
    /// - Throws: `SystemError`.
    package static func names(in folder: String) throws(SystemError) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT || errno == ENOTDIR { return [] }
            throw SystemError(call: "opendir", code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            // unsafe: the entry's name ends with a zero within its field.
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        if errno != 0 { throw SystemError(call: "readdir", code: errno) }
        return names
    }
}
