/// Where the parts of an estimator report what they do, in order: one tracer is handed to all of them.
///
/// A training's tracer turns log events into log lines; a test's keeps everything. The sink is called on the thread
/// that does the thing, the controllers' worker threads included, and must be quick.
package struct EventTracer: Sendable {
    private let sink: @Sendable (TraceRecord) -> Void

    /// A tracer that hands every record to the sink.
    package init(sink: @escaping @Sendable (TraceRecord) -> Void) {
        self.sink = sink
    }

    /// A tracer that drops everything.
    package static let silent = EventTracer { _ in }

    /// Reports an event of the calling thread.
    package func record(_ event: TraceEvent) {
        sink(TraceRecord(thread: .current, event: event))
    }

    /// Reports a log line of the calling thread.
    package func log(_ level: LogLevel, _ text: String) {
        record(.log(level: level, text: text))
    }
}

/// An event, and who did it.
package struct TraceRecord: Sendable, Hashable {
    /// The thread that did it.
    package let thread: TraceThread

    /// What was done.
    package let event: TraceEvent

    /// A record.
    package init(thread: TraceThread, event: TraceEvent) {
        self.thread = thread
        self.event = event
    }
}

/// The threads of an estimator that report events.
package enum TraceThread: Sendable, Hashable {
    /// The thread that trains or evaluates.
    case caller
    /// A controller's worker.
    case worker(FeedKind)

    /// The one that calls; a thread that no controller started is the caller.
    @TaskLocal package static var current: TraceThread = .caller
}

/// How much a log line matters.
public enum LogLevel: String, Sendable, Hashable {
    /// The course of things.
    case info
    /// Something that may be a mistake.
    case warning
    /// Something that went wrong.
    case error
}
