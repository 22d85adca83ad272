import Estimator
import Synchronization

/// Files that fail at the nth effect and at every one after it, as a process that is gone does no more. A write that
/// fails leaves half of its bytes behind.
final class FailingFiles: CheckpointFiles {
    private let real = POSIXCheckpointFiles()
    private let left: Mutex<Int>
    private let code: Int32

    /// Files that let so many effects through.
    ///
    /// - Parameter code: the `errno` of the others; default 28, no space left.
    init(effects: Int, code: Int32 = 28) {
        left = Mutex(effects)
        self.code = code
    }

    /// Effects that are still let through.
    var effectsLeft: Int { left.withLock { $0 } }

    private func pass(_ operation: String, _ path: String) throws(CheckpointFileError) {
        let isThrough = left.withLock { left in
            left -= 1
            return left >= 0
        }
        if !isThrough { throw CheckpointFileError(operation, path, code: code) }
    }

    func makeFolder(_ path: String) throws(CheckpointFileError) {
        try pass("mkdir", path)
        try real.makeFolder(path)
    }

    func write(_ bytes: [UInt8], to path: String) throws(CheckpointFileError) {
        do throws(CheckpointFileError) {
            try pass("write", path)
        } catch {
            try real.write(Array(bytes.prefix(bytes.count / 2)), to: path)
            throw error
        }
        try real.write(bytes, to: path)
    }

    func synchronize(_ path: String) throws(CheckpointFileError) {
        try pass("fsync", path)
        try real.synchronize(path)
    }

    func rename(_ old: String, to new: String) throws(CheckpointFileError) {
        try pass("rename", new)
        try real.rename(old, to: new)
    }

    func exchange(_ one: String, with other: String) throws(CheckpointFileError) {
        try pass("rename", other)
        try real.exchange(one, with: other)
    }

    func removeFile(_ path: String) throws(CheckpointFileError) {
        try pass("unlink", path)
        try real.removeFile(path)
    }

    func removeFolder(_ path: String) throws(CheckpointFileError) {
        try pass("rmdir", path)
        try real.removeFolder(path)
    }

    func names(in path: String) throws(CheckpointFileError) -> [String] { try real.names(in: path) }

    func read(_ path: String) throws(CheckpointFileError) -> [UInt8]? { try real.read(path) }
}
