package import Formats
import Synchronization

/// The files that were opened through one ``DataRoots``, as they were then.
package final class FileStamps: Sendable {
    private let stamps = Mutex<[String: FileStamp?]>([:])

    /// None yet.
    package init() {}

    /// Every file by the path that it was asked for; nil where the kernel did not tell its stamp.
    package var all: [String: FileStamp?] { stamps.withLock { $0 } }

    /// A file that is opened again keeps its first stamp: if it has changed in between, what was read of it first is
    /// out of date.
    func note(_ path: String, _ stamp: FileStamp?) {
        stamps.withLock { stamps in
            if stamps[path] == nil { stamps.updateValue(stamp, forKey: path) }
        }
    }
}
