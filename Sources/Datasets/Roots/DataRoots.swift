import CLinux
package import Formats
import Glibc

/// The folders under which inputs may lie, and the only way to open a file there.
///
/// A path is relative to a root; the first root that has the file counts. Nothing outside can be named: neither by
/// `..` nor by an absolute path nor through links. Messages hold the path as it was asked for, never the roots'.
package struct DataRoots: Sendable, Hashable {
    /// The roots' own paths, in order.
    package let paths: [String]
    private let useKernel: Bool
    /// Where the files that are opened are noted.
    private let stamps: FileStamps?

    /// The longest path that is tried (PATH_MAX).
    package static let maximumLength = 4096

    /// Roots by their paths.
    /// - Parameter stamps: Gets the stamp of every file that is opened; default nobody does.
    package init(_ paths: [String], stamps: FileStamps? = nil) {
        self.init(paths, useKernel: true, stamps: stamps)
    }

    /// `useKernel` false resolves links here even where the kernel could (openat2, Linux 5.6), as on a kernel without.
    package init(_ paths: [String], useKernel: Bool, stamps: FileStamps? = nil) {
        self.paths = paths
        self.useKernel = useKernel
        self.stamps = stamps
    }

    package static func == (left: DataRoots, right: DataRoots) -> Bool {
        left.paths == right.paths && left.useKernel == right.useKernel
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(paths)
        hasher.combine(useKernel)
    }

    /// Opens a regular file under the first root that has it. `pointer` says which part of the input named it.
    package func open(_ path: String, for pointer: JSONPointer) throws(DatasetError) -> OpenFile {
        try check(path, pointer)
        for root in paths {
            let descriptor = useKernel ? openBeneath(root, path) : openResolved(root, path)
            if descriptor >= 0 {
                stamps?.note(path, FileStamp(descriptor: descriptor))
                do {
                    return try OpenFile(owning: descriptor)
                } catch {
                    throw DatasetError(error, of: path, pointer)
                }
            }
            let reason = errno
            switch reason {
            case ENOENT, ENOTDIR: continue
            case EXDEV, ELOOP:
                throw DatasetError(.outsideRoots, pointer, "\(path) leads out of the data roots through a link")
            case EACCES, EPERM:
                throw DatasetError(.unreadable, pointer, "\(path): the daemon may not read it")
            default:
                throw DatasetError(
                    .unreadable, pointer, "\(path) can't be opened: \(FormatError.words(reason))", systemError: reason)
            }
        }
        throw DatasetError(.unreadable, pointer, "\(path) does not exist under the data roots")
    }

    private func check(_ path: String, _ pointer: JSONPointer) throws(DatasetError) {
        guard !path.isEmpty else { throw DatasetError(.outsideRoots, pointer, "must name a file") }
        guard path.utf8.count < DataRoots.maximumLength else {
            throw DatasetError(.outsideRoots, pointer, "must be shorter than \(DataRoots.maximumLength) bytes")
        }
        guard !path.utf8.contains(0) else {
            throw DatasetError(.outsideRoots, pointer, "must not contain the character U+0000")
        }
        guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
            throw DatasetError(
                .outsideRoots, pointer, "\(path) is outside of the data roots: paths are relative to them")
        }
    }

    /// The kernel refuses every step that would leave the root (RESOLVE_BENEATH, openat2(2)): EXDEV.
    private func openBeneath(_ root: String, _ path: String) -> Int32 {
        // EAGAIN means that somebody renamed something on the way; who keeps doing so is not waited for.
        for _ in 0..<100 {
            let descriptor = clinux_open_beneath(root, path)
            if descriptor >= 0 { return descriptor }
            let reason = errno
            if reason == EINTR || reason == EAGAIN { continue }
            if reason == ENOSYS || reason == EPERM && access(root, X_OK) == 0 { return openResolved(root, path) }
            errno = reason
            return -1
        }
        return -1
    }

    /// Both paths resolved, and one beneath the other: for kernels without openat2, and sandboxes that forbid it. Who
    /// can swap folders for links under a root at that very moment can lead it astray; operators own the roots.
    private func openResolved(_ root: String, _ path: String) -> Int32 {
        guard let base = resolved(root), let target = resolved(root + "/" + path) else { return -1 }
        guard target.hasPrefix(base == "/" ? "/" : base + "/") else {
            errno = EXDEV
            return -1
        }
        return Glibc.open(target, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    }

    private func resolved(_ path: String) -> String? {
        guard let result = realpath(path, nil) else { return nil }
        defer { free(result) }
        return String(cString: result)
    }
}
