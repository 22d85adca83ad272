import HTTP
import Logging
import Reactor
import Store

extension TrainingDaemon {
    /// The keys that webhooks are signed with: those of the operator's file, or the daemon's own, which it makes. A disk on which
    /// that can't be done now must not keep the daemon from serving.
    func makeWebhookSecret(in store: JobStore) async throws -> LiveWebhookSecret {
        let named = configuration.webhookSecret
        let secret = LiveWebhookSecret(
            path: named ?? "\(store.path)/\(WebhookSecretFile.name)", isMade: named == nil)
        do {
            try await DiskWork.run { try secret.look() }
        } catch let error as WebhookSecretError {
            guard named == nil else {
                try? store.close()
                throw DaemonError.webhookSecret(error)
            }
            parts.log.error("webhooks wait: \(error)")
        }
        return secret
    }

    /// Reads the keys again. A file that can't be used changes nothing.
    func lookAt(_ secret: LiveWebhookSecret, _ services: Services) async {
        do {
            try await DiskWork.run { try secret.look() }
        } catch is CancellationError {
            // The daemon is about to end.
        } catch {
            parts.log.error("the keys that webhooks are signed with stay as they were: \(error)")
        }
    }
}
