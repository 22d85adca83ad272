/// What answers say of how long they hold (RFC 9111 section 5.2.2).
package enum CacheControl: String, Sendable {
    /// They may be kept, and are asked for each time by their tags.
    case asks = "no-cache"
    /// They are others at once, and nobody else's.
    case never = "no-store"
    /// For good: the path has the version (RFC 8246).
    case forever = "public, max-age=31536000, immutable"
}
