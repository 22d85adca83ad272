/// One file of a checkpoint.
package struct CheckpointFile: Hashable, Sendable {
    /// Its name inside the checkpoint's folder.
    package var name: String
    /// Its length in bytes.
    package var bytes: Int
    /// Its SHA-256, 64 lower-case hexadecimal digits.
    package var sha256: String

    /// Makes a file.
    package init(name: String, bytes: Int, sha256: String) {
        self.name = name
        self.bytes = bytes
        self.sha256 = sha256
    }
}
