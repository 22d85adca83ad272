package import HTTP
import HTTPTypes
import Synchronization

/// How many requests were answered, by method, route and status. Counted for every request on the reactor's thread: so
/// labels are made when somebody reads them. What clients invent makes no label of its own: a method that HTTP does not
/// know is OTHER, and a path without a route has an empty one, so the number of counts is bounded.
package final class RequestCounts: Sendable {
    private struct Key: Hashable {
        var method: String
        var template: String?
        var status: Int
    }

    private static let known: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
    ]

    private let counts = Mutex<[Key: Int]>([:])

    /// Nothing was answered yet.
    package init() {}

    /// Counts an answer.
    package func count(_ exchange: Exchange) {
        let method = exchange.method.map { Self.known.contains($0) ? $0.rawValue : "OTHER" } ?? ""
        let key = Key(method: method, template: exchange.template, status: exchange.status.code)
        counts.withLock { $0[key, default: 0] += 1 }
    }

    /// The samples in the order of their labels.
    package var samples: [(labels: String, value: Double)] {
        counts.withLock { $0 }.map { key, count in
            (
                PrometheusText.labels([
                    ("method", key.method), ("route", key.template ?? ""), ("status", "\(key.status)"),
                ]), Double(count)
            )
        }.sorted { $0.0 < $1.0 }
    }
}
