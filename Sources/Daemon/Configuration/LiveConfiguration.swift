import Synchronization

/// The configuration that holds now; SIGHUP swaps it whole.
package final class LiveConfiguration: Sendable {
    private let value: Mutex<Configuration>

    /// The one that the daemon starts with.
    package init(_ configuration: Configuration) { value = Mutex(configuration) }

    /// The one that holds now.
    package var current: Configuration { value.withLock { $0 } }

    /// Puts another one in its place.
    package func replace(with configuration: Configuration) { value.withLock { $0 = configuration } }
}
