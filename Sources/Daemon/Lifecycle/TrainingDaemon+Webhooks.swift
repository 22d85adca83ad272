import HTTP
import Logging
import Reactor
import Store

extension TrainingDaemon {
    /// The keys that webhooks are signed with: those of the operator's file, or the daemon's own, which it makes.
    func makeWebhookSecret(in store: JobStore) async throws -> LiveWebhookSecret {
        let path = configuration.webhookSecret
        do {
            return try await DiskWork.run {
                do throws(WebhookSecretError) {
                    let own = "\(store.path)/\(WebhookSecretFile.name)"
                    if path == nil { try WebhookSecretFile.makeUnlessThere(own) }
                    return try LiveWebhookSecret(path: path ?? own)
                } catch { throw DaemonError.webhookSecret(error) }
            }
        } catch {
            try? store.close()
            throw error
        }
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
