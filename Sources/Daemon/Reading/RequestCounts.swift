package import HTTP
import HTTPTypes
import Synchronization

/// How many requests were answered, by method, route and status. Counted for every request on the reactor's thread: so
/// labels are made when somebody reads them.
package final class RequestCounts: Sendable {
    private struct Key: Hashable {
        var method: HTTPRequest.Method?
        var template: String?
        var status: Int
    }

    private let counts = Mutex<[Key: Int]>([:])

    /// Nothing was answered yet.
    package init() {}

    /// Counts an answer.
    package func count(_ exchange: Exchange) {
        let key = Key(method: exchange.method, template: exchange.template, status: exchange.status.code)
        counts.withLock { $0[key, default: 0] += 1 }
    }

    /// The samples in the order of their labels.
    package var samples: [(labels: String, value: Double)] {
        counts.withLock { $0 }.map { key, count in
            (
                PrometheusText.labels([
                    ("method", key.method?.rawValue ?? ""), ("route", key.template ?? ""), ("status", "\(key.status)"),
                ]), Double(count)
            )
        }.sorted { $0.0 < $1.0 }
    }
}
