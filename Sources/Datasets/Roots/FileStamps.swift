import CLinux
import Glibc
import Synchronization

/// What tells one state of a file from another without reading it: which file it is, its size, and when its content and
/// its entry last changed.
package struct FileStamp: Sendable, Hashable {
    private let device: UInt64
    private let file: UInt64
    private let size: Int64
    private let changes: [Int]

    /// The stamp of an open file; nil when the kernel does not tell.
    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        file = UInt64(status.st_ino)
        size = Int64(status.st_size)
        changes = [
            status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
        ]
    }
}

/// The files that were opened through one ``DataRoots``, as they were then.
package final class FileStamps: Sendable {
    private let stamps = Mutex<[String: FileStamp?]>([:])

    /// None yet.
    package init() {}

    /// Every file by the path that it was asked for; nil where no file was there.
    package var all: [String: FileStamp?] { stamps.withLock { $0 } }

    /// A file that is opened again keeps its first stamp: if it has changed in between, what was read of it first is
    /// out of date.
    func note(_ path: String, _ stamp: FileStamp?) {
        stamps.withLock { stamps in
            if stamps[path] == nil { stamps.updateValue(stamp, forKey: path) }
        }
    }
}
