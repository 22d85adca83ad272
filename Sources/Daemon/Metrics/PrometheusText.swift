/// Prometheus' text exposition format, version 0.0.4.
package struct PrometheusText {
    /// What kind of figure a name is.
    package enum Kind: String, Sendable {
        case counter, gauge
    }

    /// The media type.
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// What was added so far.
    package private(set) var text = ""

    /// A text without figures.
    package init() {}

    /// Adds a figure with all its samples.
    package mutating func add(
        _ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: String, value: Double)]
    ) {
        guard !samples.isEmpty else { return }
        begin(name, kind.rawValue, help)
        for sample in samples { add(name, sample.labels, sample.value) }
    }

    /// Adds durations in seconds, a histogram for each of some labels.
    package mutating func add(
        _ name: String, _ help: String, _ samples: [(labels: [(String, String)], durations: DurationHistogram)]
    ) {
        guard !samples.isEmpty else { return }
        begin(name, "histogram", help)
        for (labels, durations) in samples {
            for (bound, count) in durations.cumulative {
                add(name + "_bucket", Self.labels(labels + [("le", bound)]), Double(count))
            }
            add(name + "_sum", Self.labels(labels), durations.sum)
            add(name + "_count", Self.labels(labels), Double(durations.count))
        }
    }

    private mutating func begin(_ name: String, _ kind: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    private mutating func add(_ name: String, _ labels: String, _ value: Double) {
        text += "\(name)\(labels) \(Int(exactly: value).map(String.init) ?? "\(value)")\n"
    }

    /// Labels in braces, their values escaped; nothing for none.
    package static func labels(_ labels: [(String, String)]) -> String {
        if labels.isEmpty { return "" }
        var text = ""
        for (name, value) in labels {
            text += text.isEmpty ? "{" : ","
            text += name
            text += "=\""
            text += escaped(value)
            text += "\""
        }
        return text + "}"
    }

    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") || $0 == 10 }) else {
            return value
        }
        return value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
