package import HTTP
import HTTPTypes
import Synchronization

/// How many requests were answered, by method, route and status, and after how long. Counted for every request on the reactor's thread: so
/// labels are made when somebody reads them. What clients invent makes no label of its own: a method that HTTP does not
/// know is OTHER, and a path without a route has an empty one, so the number of counts is bounded.
package final class RequestCounts: Sendable {
    private struct Key: Hashable {
        var method: String
        var template: String?
        var status: Int

        /// Few have both in common: to compare their texts costs every request less than to hash them.
        func hash(into hasher: inout Hasher) {
            hasher.combine(status)
            hasher.combine(template?.utf8.count)
        }
    }

    private static let known: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
    ]

    private let answered = Mutex<[Key: DurationHistogram]>([:])

    /// Nothing was answered yet.
    package init() {}

    /// Counts an answer.
    package func count(_ exchange: Exchange) {
        let method = exchange.method.map { Self.known.contains($0) ? $0.rawValue : "OTHER" } ?? ""
        let key = Key(method: method, template: exchange.template, status: exchange.status.code)
        answered.withLock { $0[key, default: DurationHistogram()].add(exchange.duration) }
    }

    /// How many, in the order of their labels.
    package var samples: [(labels: String, value: Double)] {
        answered.withLock { $0 }.map { key, durations in
            (
                PrometheusText.labels([
                    ("method", key.method), ("route", key.template ?? ""), ("status", "\(key.status)"),
                ]), Double(durations.count)
            )
        }.sorted { $0.0 < $1.0 }
    }

    /// How long after its head each request's answer began, by method and route, in the order of these. What has no route is
    /// refused at once and left out.
    package var durations: [(labels: [(String, String)], durations: DurationHistogram)] {
        let answered = answered.withLock { $0 }.compactMap { key, durations in
            key.template.map { ([$0, key.method], durations) }
        }
        let routes = Dictionary(answered, uniquingKeysWith: +)
        return routes.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
            ([("method", $0.key[1]), ("route", $0.key[0])], $0.value)
        }
    }
}
