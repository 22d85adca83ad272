package import API
import Crypto

/// Of a token the daemon keeps the SHA-256 alone. A slow hash, as for passwords, would win nothing: it makes up for what
/// people choose, and nobody guesses one of 2^256 secrets at any speed; but every stranger's request would cost its time.
extension BearerToken {
    /// Its SHA-256, 32 bytes.
    package var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// Whether this is the one that a digest was made of. Takes the same time wherever the two begin to differ: the equality
    /// of swift-crypto's digests does.
    package func isOf(digest: [UInt8]) -> Bool { SHA256.hash(data: Array(text.utf8)) == digest }
}
