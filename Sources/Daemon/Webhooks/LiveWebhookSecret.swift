import Synchronization

/// The keys that webhooks are signed with now: those of the file as it was read last.
package final class LiveWebhookSecret: Sendable {
    /// Where the file is.
    package let path: String
    private let secret: Mutex<WebhookSecret>

    /// Reads the file; waits for the disk.
    package init(path: String) throws(WebhookSecretError) {
        self.path = path
        secret = Mutex(try WebhookSecretFile.read(path))
    }

    /// The keys.
    package var current: WebhookSecret { secret.withLock { $0 } }

    /// Reads the file again; waits for the disk.
    /// - Throws: ``WebhookSecretError``; the keys stay as they were.
    package func look() throws(WebhookSecretError) {
        let read = try WebhookSecretFile.read(path)
        secret.withLock { $0 = read }
    }
}
