import Synchronization

/// The keys that webhooks are signed with now: those of the file as it was read last.
package final class LiveWebhookSecret: Sendable {
    /// Where the file is.
    package let path: String
    private let isMade: Bool
    private let secret = Mutex<WebhookSecret?>(nil)

    /// Nothing is read yet.
    /// - Parameter isMade: Whether the file is the daemon's own, which it makes where there is none.
    package init(path: String, isMade: Bool) {
        self.path = path
        self.isMade = isMade
    }

    /// The keys; nil where they could not be read yet.
    package var current: WebhookSecret? { secret.withLock { $0 } }

    /// Reads the file again, and makes it first where it is to be made; waits for the disk.
    /// - Throws: ``WebhookSecretError``; the keys stay as they were.
    package func look() throws(WebhookSecretError) {
        if isMade { try WebhookSecretFile.makeUnlessThere(path) }
        let read = try WebhookSecretFile.read(path)
        secret.withLock { $0 = read }
    }
}
