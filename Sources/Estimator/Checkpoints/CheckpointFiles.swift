import Formats

/// All that a ``CheckpointStore`` does to the disk: every effect is one call here, so that a test can
/// fail any of them and look at what is left.
///
/// Paths are absolute or relative to the working directory; every method throws ``CheckpointFileError``.
package protocol CheckpointFiles: Sendable {
    /// Makes a folder and those above it that are missing (`mkdir(2)`, mode 0755), each synchronized into the one above
    /// it; a folder that exists is fine.
    func makeFolder(_ path: String) throws(CheckpointFileError)
    /// Creates or truncates a file and writes all bytes (`open(2)`, `write(2)`), without `fsync`.
    func write(_ bytes: [UInt8], to path: String) throws(CheckpointFileError)
    /// `fsync(2)` of a file or of a folder.
    func synchronize(_ path: String) throws(CheckpointFileError)
    /// `rename(2)`.
    func rename(_ old: String, to new: String) throws(CheckpointFileError)
    /// Swaps two existing names in one step (`renameat2(2)` with `RENAME_EXCHANGE`).
    func exchange(_ one: String, with other: String) throws(CheckpointFileError)
    /// Removes one file (`unlink(2)`); a missing file is fine.
    func removeFile(_ path: String) throws(CheckpointFileError)
    /// Removes an empty folder (`rmdir(2)`); a missing folder is fine.
    func removeFolder(_ path: String) throws(CheckpointFileError)
    /// The names in a folder in no particular order, without `.` and `..`; empty when the folder is missing.
    func names(in path: String) throws(CheckpointFileError) -> [String]
    /// The whole content of a file, nil when there is none.
    func read(_ path: String) throws(CheckpointFileError) -> [UInt8]?
}

/// What went wrong: the operation, the last component of the path, and `errno`.
package struct CheckpointFileError: SystemCallError, Equatable, CustomStringConvertible {
    /// The system call, `write` for example.
    package let operation: String
    /// The last component of the path: never an absolute path of the machine's.
    package let name: String
    /// `errno` as the call left it.
    package let code: Int32

    /// `errno`: every fault comes of a call that was refused.
    package var systemError: Int32? { code }

    /// A fault of `operation` on `path` with the given `errno`.
    package init(_ operation: String, _ path: String, code: Int32) {
        self.operation = operation
        self.name = path.split(separator: "/").last.map(String.init) ?? path
        self.code = code
    }

    /// One sentence: operation, name and the system's word for the code.
    package var description: String { "\(operation) \(name): \(SystemText.of(code))" }
}
