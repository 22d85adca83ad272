/// Which of the two queues between host and device a controller serves.
public enum FeedKind: String, Sendable, Hashable {
    /// Host to device.
    case infeed
    /// Device to host.
    case outfeed
}
