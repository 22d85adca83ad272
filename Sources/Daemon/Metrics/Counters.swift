import Synchronization

/// Counts that only grow, by name and labels, for `GET /metrics`.
package final class Counters: Sendable {
    /// What is counted: a name and its labels in Prometheus' form, `{route="/v1/jobs",status="201"}`.
    private struct Key: Hashable {
        var name: String
        var labels: String
    }

    private let values = Mutex<[Key: Double]>([:])

    /// Nothing was counted yet.
    package init() {}

    /// Adds to a count.
    package func add(_ name: String, _ labels: [(String, String)] = [], by amount: Double = 1) {
        let key = Key(name: name, labels: PrometheusText.labels(labels))
        values.withLock { $0[key, default: 0] += amount }
    }

    /// Every count in the order of names and labels.
    func snapshot() -> [(name: String, labels: String, value: Double)] {
        values.withLock { values in
            values.map { ($0.key.name, $0.key.labels, $0.value) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        }
    }
}
