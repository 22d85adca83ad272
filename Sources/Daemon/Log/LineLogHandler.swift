import API
import Formats
package import Jobs
package import Logging
import Synchronization

/// Makes a line of each event: its time in RFC 3339, its level, its logger, its metadata and its message.
package struct LineLogHandler: LogHandler {
    /// What a line begins with.
    package enum Beginning: Sendable {
        /// The time of the event.
        case time
        /// The number of its level as syslog has it, in angle brackets, which the journal takes off (sd-daemon(3)). The journal
        /// has the time.
        case priority
    }

    /// The level from which on events are logged, for all handlers that share it.
    package final class Level: Sendable {
        private let level: Mutex<Logger.Level>

        /// - Parameter level: The lowest that is logged.
        package init(_ level: Logger.Level) { self.level = Mutex(level) }

        /// The lowest that is logged now.
        package var current: Logger.Level { level.withLock { $0 } }

        /// Changes it for all.
        package func set(_ level: Logger.Level) { self.level.withLock { $0 = level } }
    }

    /// What is told with every event.
    package var metadata: Logger.Metadata = [:]
    /// What tells more with every event; nil for nothing.
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let level: Level
    private let beginning: Beginning
    private let wall: @Sendable () -> Timestamp
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - label: The logger's name.
    ///   - level: Shared, so that it can be changed for all.
    ///   - beginning: What a line begins with. Default its time.
    ///   - wall: The time of an event.
    ///   - write: Takes a line; must not wait.
    package init(
        label: String, level: Level, beginning: Beginning = .time, wall: @escaping @Sendable () -> Timestamp,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.beginning = beginning
        self.label = label
        self.level = level
        self.wall = wall
        self.write = write
    }

    /// The lowest level that is logged; setting it sets that of all handlers with the same `Level`.
    package var logLevel: Logger.Level {
        get { level.current }
        set { level.set(newValue) }
    }

    /// One entry of the metadata.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Makes the line.
    package func log(event: LogEvent) {
        var all = metadata
        for (key, value) in metadataProvider?.get() ?? [:] { all[key] = value }
        for (key, value) in event.metadata ?? [:] { all[key] = value }
        var line =
            switch beginning {
            case .time: "\(wall().rfc3339) "
            case .priority: "<\(event.level.priority)>"
            }
        line += "\(event.level) \(label):"
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
        line += " \(event.message)"
        if let error = event.error { line += " error=\(error)" }
        write(Self.visible(line))
    }

    /// A text that stays one line: what would begin another one, or move a terminal's cursor, is told by its number.
    static func visible(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" {
                result += "\\n"
            } else if scalar.value < 0x20 || scalar.value == 0x7f {
                result += "\\u{\(Hexadecimal.text(scalar.value))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Logger.Level {
    /// The severity of RFC 5424 section 6.2.1.
    var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
