/// What answers say of how long they hold (RFC 9111 section 5.2.2).
enum CacheControl {
    /// They may be kept, and are asked for each time by their tags.
    static let asks = "no-cache"
    /// They are others at once, and nobody else's.
    static let never = "no-store"
}
