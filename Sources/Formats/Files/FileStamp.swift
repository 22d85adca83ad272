import Glibc

/// What tells one state of a file from another without reading it: which file it is, its size, and when its content and
/// its entry last changed.
package struct FileStamp: Sendable, Hashable {
    /// The length in bytes.
    package let size: Int
    /// Device, number of the file, and the two times in seconds and nanoseconds.
    private let rest: [Int]

    /// The stamp of an open file; nil when the kernel does not tell.
    package init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The stamp of the regular file at a path; nil when there is none, or when a link lies there.
    package init?(path: String) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(status)
    }

    /// The stamp of a file under the first of the folders that has it; nil when none has, or one does not tell. Links
    /// are followed.
    /// - Parameter path: Relative to the folder.
    package init?(of path: String, under folders: [String]) {
        for folder in folders {
            var status = stat()
            if stat("\(folder)/\(path)", &status) == 0 {
                self.init(status)
                return
            }
            guard errno == ENOENT || errno == ENOTDIR else { return nil }
        }
        return nil
    }

    /// Whether every file still has its stamp, each found as ``init(of:under:)`` does.
    package static func areCurrent(_ stamps: [String: FileStamp], under folders: [String]) -> Bool {
        stamps.allSatisfy { path, stamp in FileStamp(of: path, under: folders) == stamp }
    }

    /// Reads what ``text`` wrote.
    package init?(text: String) {
        let numbers = text.split(separator: " ", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 7, !numbers.contains(nil) else { return nil }
        size = numbers[0] ?? 0
        rest = numbers.dropFirst().compactMap(\.self)
    }

    /// Seven decimal numbers with a space between.
    package var text: String { ([size] + rest).map(String.init).joined(separator: " ") }

    private init(_ status: stat) {
        size = Int(status.st_size)
        rest = [
            Int(truncatingIfNeeded: status.st_dev), Int(truncatingIfNeeded: status.st_ino),
            status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
        ]
    }
}
