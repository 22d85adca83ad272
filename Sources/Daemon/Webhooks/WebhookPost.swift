import API
import Formats
import Jobs
package import Store
package import Transfer

/// One try of a delivery: what is sent, and to whom.
package struct WebhookPost: Sendable {
    private let delivery: DeliveryRecord
    private let message: [UInt8]
    private let secret: WebhookSecret
    private let policy: AddressPolicy
    private let timeout: Double

    /// Bytes of an answer that are read: what it says does not matter.
    private static let longestAnswer = 4096

    /// - Parameters:
    ///   - policy: Which addresses the receiver may have.
    ///   - timeout: In seconds, for all of it.
    /// - Throws: `JSONError` where the database is damaged.
    package init(
        _ delivery: DeliveryRecord, secret: WebhookSecret, policy: AddressPolicy, timeout: Double
    ) throws {
        self.delivery = delivery
        self.secret = secret
        self.policy = policy
        self.timeout = timeout
        message = try WebhookMessage(delivery).wire.serialized()
    }

    /// The fields that it carries when it is sent at a moment, in seconds since 1970.
    package func fields(at seconds: Int) -> [(name: String, value: String)] {
        [
            ("Content-Type", "application/json"), ("User-Agent", "tpud/\(Build.number)"),
            (WebhookMessage.idField, delivery.id), (WebhookMessage.timestampField, "\(seconds)"),
            (
                WebhookMessage.signatureField,
                secret.signature(id: delivery.id, timestamp: seconds, body: message)
            ),
        ]
    }

    /// Sends it and waits for the answer; blocks.
    package func send(at seconds: Int, unless isCancelled: @escaping @Sendable () -> Bool) -> DeliveryVerdict {
        do {
            let url = try WebhookURL(delivery.url)
            var request = TransferRequest(
                "POST", url.target, fields: fields(at: seconds), body: message, timeout: timeout)
            request.longestAnswer = Self.longestAnswer
            request.isCancelled = isCancelled
            let reply = try TransferClient(address: url.origin, policy: policy).send(request)
            return DeliveryVerdict(status: reply.status, retryAfter: reply.field("retry-after"))
        } catch let error as TransferError {
            return DeliveryVerdict(error)
        } catch {
            return DeliveryVerdict(TransferError(.badAddress, "\(error)"))
        }
    }
}
