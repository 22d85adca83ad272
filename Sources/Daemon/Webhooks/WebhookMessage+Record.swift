package import API
package import Formats
import Jobs
package import Store

extension WebhookMessage {
    /// What the receiver of a stored delivery is sent.
    /// - Throws: `JSONError` where the database is damaged.
    package init(_ delivery: DeliveryRecord) throws(JSONError) {
        self.init(name: delivery.jobName, owner: delivery.owner, event: try EventView(delivery.event))
    }
}

extension DeliveryView {
    /// A stored delivery as the API shows it.
    package init(_ delivery: DeliveryRecord) {
        self.init(
            id: delivery.id, jobID: delivery.event.job, url: delivery.url, type: Self.type(of: delivery.event),
            seq: delivery.event.seq, state: delivery.state, createdAt: delivery.event.at)
        attempts = delivery.attempts
        nextAttemptAt = delivery.dueAt
        lastAttemptAt = delivery.lastAt
        lastStatus = delivery.lastStatus
        lastError = delivery.lastError
    }

    private static func type(of event: EventRecord) -> String { WebhookMessage.type(event.to, event.type) }
}
