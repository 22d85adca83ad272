/// Which of the two queues between host and device a controller serves.
package enum FeedKind: String, Sendable, Hashable {
    /// Host to device.
    case infeed
    /// Device to host.
    case outfeed
}
