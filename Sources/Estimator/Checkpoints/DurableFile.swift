import Crypto
import Formats
import Glibc

/// A file that is written piece by piece under a temporary name and gets its own once all of it is on the disk: whoever
/// finds it by that name finds it whole.
package final class DurableFile {
    private let folder: String
    private let name: String
    private let unfinished: String
    private var descriptor: Int32
    private var hash = SHA256()
    private var count = 0

    /// A new file in a folder; what was begun before is written anew.
    ///
    /// - Throws: ``CheckpointFileError`` of `open(2)`.
    package init(_ name: String, in folder: String) throws(CheckpointFileError) {
        self.folder = folder
        self.name = name
        unfinished = "\(folder)/.\(name)\(CheckpointLayout.unfinishedSuffix)"
        descriptor = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CheckpointFileError("open", unfinished, code: errno) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Writes more of it.
    ///
    /// - Throws: ``CheckpointFileError`` of `write(2)`.
    package func append(_ bytes: [UInt8]) throws(CheckpointFileError) {
        hash.update(data: bytes)
        let failure = POSIXCheckpointFiles.writeAll(bytes, to: descriptor)
        if failure != 0 { throw CheckpointFileError("write", unfinished, code: failure) }
        count += bytes.count
    }

    /// Synchronizes it and gives it its name; nothing may be written any more.
    ///
    /// - Returns: its name, length and digest.
    /// - Throws: ``CheckpointFileError``; a file that had the name before is then as it was.
    package func finish() throws(CheckpointFileError) -> ManifestEntry {
        let result = close(descriptor)
        descriptor = -1
        if result != 0 { throw CheckpointFileError("close", unfinished, code: errno) }
        let files = POSIXCheckpointFiles()
        try files.synchronize(unfinished)
        try files.rename(unfinished, to: "\(folder)/\(name)")
        try files.synchronize(folder)
        return ManifestEntry(name: name, bytes: count, sha256: Hexadecimal.text(hash.finalize()))
    }
}
