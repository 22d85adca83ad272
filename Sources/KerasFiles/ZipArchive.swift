import CZip
import Formats
import Glibc

/// A zip archive open for reading.
struct ZipArchive: ~Copyable {
    private let archive: OpaquePointer

    /// Opens a file; its descriptor is used by the archive alone.
    init(_ file: borrowing OpenFile) throws(FormatError) {
        let descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else {
            let reason = errno
            throw FormatError(.unreadable, "can't be read: \(FormatError.words(reason))", systemError: reason)
        }
        var code: Int32 = 0
        guard let archive = zip_fdopen(descriptor, ZIP_CHECKCONS, &code) else {
            close(descriptor)
            throw FormatError(.malformed, "is not a zip archive that can be read: \(ZipArchive.words(code))")
        }
        self.archive = archive
    }

    deinit { zip_discard(archive) }

    /// Whether a file of this name is there.
    func has(_ name: String) -> Bool { zip_name_locate(archive, name, 0) >= 0 }

    /// The contents of a file; one of more bytes than `limit` is refused.
    func contents(_ name: String, limit: Int) throws(FormatError) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(name, size: try size(of: name, limit: limit)) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// How many bytes a file has by the archive's own word; more than `limit` are refused.
    func size(of name: String, limit: Int) throws(FormatError) -> Int {
        var status = zip_stat_t()
        zip_stat_init(&status)
        guard zip_stat(archive, name, 0, &status) == 0, status.valid & UInt64(ZIP_STAT_SIZE) != 0 else {
            throw FormatError(.malformed, "has no file \(name)")
        }
        guard status.size <= UInt64(limit) else {
            throw FormatError(.tooLarge, "has a file \(name) of \(status.size) bytes: at most \(limit) are read")
        }
        // Keras stores without compression; what swells a hundredfold is a trap.
        let isSwollen = status.valid & UInt64(ZIP_STAT_COMP_SIZE) != 0 && status.size / 100 > status.comp_size
        guard status.size <= 1 << 26 || !isSwollen else {
            throw FormatError(
                .tooLarge,
                "has a file \(name) that becomes \(status.size) bytes from \(status.comp_size): save it without compression"
            )
        }
        return Int(status.size)
    }

    /// Hands on the contents of a file of that size, piece by piece.
    func read(_ name: String, size: Int, receive: (ArraySlice<UInt8>) -> Void) throws(FormatError) {
        guard let file = zip_fopen(archive, name, 0) else { throw damaged(name, zip_get_error(archive)) }
        defer { zip_fclose(file) }
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        var done = 0
        while true {
            let count = Int(zip_fread(file, &piece, zip_uint64_t(piece.count)))
            guard count >= 0 else { throw damaged(name, zip_file_get_error(file)) }
            done += count
            // What the file's head says is not always what it holds.
            guard count > 0, done <= size else { break }
            receive(piece[..<count])
        }
        guard done == size else {
            throw FormatError(.malformed, "is damaged: its file \(name) does not have the \(size) bytes announced")
        }
    }

    private func damaged(_ name: String, _ error: UnsafeMutablePointer<zip_error_t>?) -> FormatError {
        let words = error.flatMap { zip_error_strerror($0) }.map { String(cString: $0) } ?? "unknown error"
        return FormatError(.malformed, "is damaged: its file \(name) can't be read (\(words))")
    }

    static func words(_ code: Int32) -> String {
        var error = zip_error_t()
        zip_error_init_with_code(&error, code)
        defer { zip_error_fini(&error) }
        return String(cString: zip_error_strerror(&error))
    }
}
