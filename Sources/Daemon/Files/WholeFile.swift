import Glibc
package import Reactor

/// A small file that is replaced as a whole: whoever reads it finds what was or what is, also after an end of the machine.
package enum WholeFile {
    /// Puts other bytes in a file's place, with its mode and its owner; waits for the disk. Two at once are for their caller
    /// to keep apart.
    /// - Parameter descriptor: The file as it is, open.
    /// - Throws: `SystemError`; the file is as it was then.
    package static func replace(_ path: String, _ descriptor: Int32, with bytes: [UInt8]) throws(SystemError) {
        var status = stat()
        try checked("fstat", fstat(descriptor, &status))
        let new = "\(path).new"
        // What an end of the machine left.
        unlink(new)
        let written = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try checked("open", written)
        do throws(SystemError) {
            defer { SystemCall.close(written) }
            var own = stat()
            try checked("fstat", fstat(written, &own))
            if own.st_uid != status.st_uid || own.st_gid != status.st_gid {
                try checked("fchown", fchown(written, status.st_uid, status.st_gid))
            }
            try checked("fchmod", fchmod(written, status.st_mode & 0o777))
            try write(bytes, to: written)
            try checked("fsync", fsync(written))
        } catch {
            unlink(new)
            throw error
        }
        guard rename(new, path) == 0 else {
            let error = SystemError(call: "rename", code: errno)
            unlink(new)
            throw error
        }
        try synchronizeFolder(of: path)
    }

    /// Makes a file that is not there, for its owner alone (mode 0600); waits for the disk. One that another makes at the
    /// same time stays.
    package static func make(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        let new = "\(path).new"
        unlink(new)
        let written = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        try checked("open", written)
        defer {
            SystemCall.close(written)
            unlink(new)
        }
        try write(bytes, to: written)
        try checked("fsync", fsync(written))
        if link(new, path) != 0, errno != EEXIST { throw SystemError(call: "link", code: errno) }
        try synchronizeFolder(of: path)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            // unsafe: the kernel reads from an array that lives through the call.
            let result = try bytes.span.bytes.withUnsafeBytes { buffer throws(SystemError) in
                try SystemCall.write(descriptor, UnsafeRawBufferPointer(rebasing: buffer[done...]))
            }
            guard case .bytes(let count) = result, count > 0 else { throw SystemError(call: "write", code: ENOSPC) }
            done += count
        }
    }

    /// The new name is on disk with its folder alone.
    private static func synchronizeFolder(of path: String) throws(SystemError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try checked("open", descriptor)
        defer { SystemCall.close(descriptor) }
        try checked("fsync", fsync(descriptor))
    }

    private static func checked(_ call: String, _ result: Int32) throws(SystemError) {
        if result < 0 { throw SystemError(call: call, code: errno) }
    }
}
