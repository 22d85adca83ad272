import Glibc

/// The advisory lock on a `model_dir` (`flock(2)` on `.lock` in it): its holder is the only one to write
/// checkpoints there. It is released when the value goes away or the process ends, however it ends.
package final class ModelDirectoryLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock without waiting; makes the folder when it is missing.
    ///
    /// - Returns: nil when another process, or another part of this one, holds it.
    /// - Throws: ``CheckpointFileError`` when folder or file can't be made.
    package init?(modelDirectory: String) throws(CheckpointFileError) {
        try POSIXCheckpointFiles().makeFolder(modelDirectory)
        let path = "\(modelDirectory)/\(CheckpointLayout.lock)"
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw CheckpointFileError("open", path, code: errno) }
        while flock(opened, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            if code == EINTR { continue }
            close(opened)
            if code == EWOULDBLOCK { return nil }
            throw CheckpointFileError("flock", path, code: code)
        }
        descriptor = opened
    }

    deinit {
        // By itself, as a child that was forked just now still has a copy of the descriptor, with which the lock would
        // stay until it runs its program.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
