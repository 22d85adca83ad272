import GRDB
import Glibc

extension JobStore {
    /// Copies the database of a state folder whether or not a daemon runs on it: it only reads.
    ///
    /// - Throws: `folder` when there is none or the file can't be made, or an error of SQLite's.
    package static func backup(folder path: String, to file: String) throws(StoreError) {
        guard access(path + "/" + fileName, R_OK) == 0 else { throw .folder(call: "access", errno: errno) }
        let reader = try openReader(path + "/" + fileName)
        try Backup.copy(from: reader, to: file, fault: nil)
        do { try reader.close() } catch { throw StoreError(error) }
    }
}

/// Copies a database with SQLite's backup API.
enum Backup {
    /// The copy has its name only once it is complete and on disk.
    static func copy(from reader: any DatabaseReader, to file: String, fault: StoreFault?) throws(StoreError) {
        let partial = file + ".partial"
        unlink(partial)
        do {
            let target = try DatabaseQueue(path: partial)
            try reader.backup(to: target)
            try target.close()
        } catch {
            unlink(partial)
            throw StoreError(error)
        }
        let descriptor = open(partial, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw .folder(call: "open", errno: errno) }
        let synchronized = fsync(descriptor)
        Glibc.close(descriptor)
        guard synchronized == 0 else { throw .folder(call: "fsync", errno: errno) }
        try fault?(.backup)
        guard rename(partial, file) == 0 else { throw .folder(call: "rename", errno: errno) }
        let parent = file.contains("/") ? file.split(separator: "/", omittingEmptySubsequences: false).dropLast() : []
        try StateFolder.synchronize(folder: parent.isEmpty ? "." : parent.joined(separator: "/") + "/")
    }
}
