import CLinux
import Glibc

/// The real file system: one system call a method, `errno` read at once, interrupted calls repeated.
package struct POSIXCheckpointFiles: CheckpointFiles {
    /// It has no state.
    package init() {}

    package func makeFolder(_ path: String) throws(CheckpointFileError) {
        var made = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/") {
            let parent = made.isEmpty ? "/" : made
            made += "/\(component)"
            if mkdir(made, 0o755) == 0 {
                try synchronize(parent)
            } else if errno != EEXIST {
                throw CheckpointFileError("mkdir", made, code: errno)
            }
        }
    }

    package func write(_ bytes: [UInt8], to path: String) throws(CheckpointFileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CheckpointFileError("open", path, code: errno) }
        var failure = Self.writeAll(bytes, to: descriptor)
        if close(descriptor) != 0, failure == 0 { failure = errno }
        if failure != 0 { throw CheckpointFileError("write", path, code: failure) }
    }

    /// Writes all of the bytes to an open file.
    ///
    /// - Returns: 0, or the number of the error that ended it.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
                if count >= 0 { written += count } else if errno != EINTR { return errno }
            }
            return 0
        }
    }

    package func synchronize(_ path: String) throws(CheckpointFileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CheckpointFileError("open", path, code: errno) }
        let result = fsync(descriptor)
        let code = errno
        close(descriptor)
        if result != 0 { throw CheckpointFileError("fsync", path, code: code) }
    }

    package func rename(_ old: String, to new: String) throws(CheckpointFileError) {
        if Glibc.rename(old, new) != 0 { throw CheckpointFileError("rename", new, code: errno) }
    }

    package func exchange(_ one: String, with other: String) throws(CheckpointFileError) {
        if clinux_rename_exchange(one, other) != 0 {
            throw CheckpointFileError("rename", other, code: errno)
        }
    }

    package func removeFile(_ path: String) throws(CheckpointFileError) {
        if unlink(path) != 0, errno != ENOENT { throw CheckpointFileError("unlink", path, code: errno) }
    }

    package func removeFolder(_ path: String) throws(CheckpointFileError) {
        if rmdir(path) != 0, errno != ENOENT { throw CheckpointFileError("rmdir", path, code: errno) }
    }

    package func names(in path: String) throws(CheckpointFileError) -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw CheckpointFileError("opendir", path, code: errno)
        }
        defer { closedir(folder) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        if errno != 0 { throw CheckpointFileError("readdir", path, code: errno) }
        return names
    }

    package func read(_ path: String) throws(CheckpointFileError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw CheckpointFileError("open", path, code: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw CheckpointFileError("fstat", path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw CheckpointFileError("open", path, code: EISDIR) }
        var failure: Int32 = 0
        let size = Int(status.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            filled = 0
            while filled < size {
                let count = Glibc.read(descriptor, buffer.baseAddress! + filled, size - filled)
                if count > 0 {
                    filled += count
                } else if count == 0 {
                    break
                } else if errno != EINTR {
                    failure = errno
                    break
                }
            }
        }
        if failure != 0 { throw CheckpointFileError("read", path, code: failure) }
        return bytes
    }
}

/// The system's word for an `errno`.
enum SystemText {
    /// `strerror(3)`, which in glibc any thread may call; the number when it knows none.
    static func of(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
