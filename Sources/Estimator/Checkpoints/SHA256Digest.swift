import Crypto
import Formats

/// SHA-256 (FIPS 180-4) as files of checkpoints carry it.
package enum SHA256Digest {
    /// The digest in 64 lower-case hexadecimal digits.
    package static func hex(of bytes: [UInt8]) -> String {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Hexadecimal.text(hash.finalize())
    }
}
