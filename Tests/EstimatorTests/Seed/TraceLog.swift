import Estimator
import Synchronization

/// Keeps what an estimator's parts report.
final class TraceLog: Sendable {
    private let kept = Mutex<[TraceRecord]>([])

    var tracer: EventTracer {
        EventTracer { record in self.kept.withLock { $0.append(record) } }
    }

    var records: [TraceRecord] { kept.withLock { $0 } }

    /// The events of one thread.
    func events(of thread: TraceThread) -> [TraceEvent] {
        records.filter { $0.thread == thread }.map(\.event)
    }

    /// The log lines of one thread.
    func lines(of thread: TraceThread) -> Observed {
        .list(events(of: thread).filter { if case .log = $0 { true } else { false } }.map(\.observedLine))
    }

    /// The values that one variable was loaded with.
    func loaded(_ variable: HostVariable) -> [Int64] {
        records.compactMap { record in
            if case .loadVariable(variable.name, let value) = record.event { value } else { nil }
        }
    }

    /// The values that were read of one variable.
    func read(_ variable: HostVariable) -> [Int64] {
        records.compactMap { record in
            if case .readVariable(variable.name, let value) = record.event { value } else { nil }
        }
    }

    /// The signals that one controller was sent, those of joins not included.
    func signals(to kind: FeedKind) -> [Int32] {
        records.compactMap { record in
            if case .signal(kind, let value) = record.event { value } else { nil }
        }
    }

    /// How many runs a thread made.
    func runs(of thread: TraceThread) -> Int {
        events(of: thread).count { if case .sessionRun = $0 { true } else { false } }
    }

    /// How often a thread closed the session.
    func closes(by thread: TraceThread) -> Int { events(of: thread).count { $0 == .sessionClose } }

    /// How often sessions were closed by anybody.
    var closes: Int { records.count { $0.event == .sessionClose } }
}

extension TraceEvent {
    /// The line of a log event, as cases write it outside of event lists.
    var observedLine: Observed {
        guard case .log(let level, let text) = self else { return .null }
        return .object(["level": .string(level.rawValue), "text": .string(text)])
    }

    /// The event as cases write it.
    var observed: Observed {
        switch self {
        case .log(let level, let text):
            event("log", ["level": .string(level.rawValue), "text": .string(text)])
        case .iteration(let kind, let loop, let iteration):
            event("iteration", ["which": .string(kind.rawValue), "label": .ints([loop, Int(iteration)])])
        case .createVariable(let variable):
            event("create_variable", variable.observedMembers)
        case .readVariable(let name, let value):
            event("read_variable", ["name": .string(name), "value": .int(Int(value))])
        case .loadVariable(let name, let value):
            event("load_variable", ["name": .string(name), "value": .int(Int(value))])
        case .createInitializeOperation(let job): event("create_initialize_op", ["job": .optional(job)])
        case .createShutdownOperation(let job): event("create_shutdown_op", ["job": .optional(job)])
        case .sessionRun(let fetches, let timeout):
            event(
                "session_run",
                timeout.map { ["fetches": .strings(fetches), "timeout_ms": .int($0)] } ?? ["fetches": .strings(fetches)]
            )
        case .sessionClose: event("session_close", [:])
        case .startThread(let kind): event("start_thread", ["which": .string(kind.rawValue)])
        case .join(let kind): event("join", ["which": .string(kind.rawValue)])
        case .signal(let kind, let value):
            event("signal", ["which": .string(kind.rawValue), "value": .int(Int(value))])
        case .fault(let step, let source, let host):
            event("fault", ["step": .int(step), "source": .string(source.rawValue), "host": .optional(host)])
        case .build(let built): built.observed
        }
    }

    private func event(_ name: String, _ members: [String: Observed]) -> Observed {
        .object(members.merging(["event": .string(name)]) { first, _ in first })
    }
}

extension HostVariable {
    /// The attributes of a created variable, as cases write them.
    var observedMembers: [String: Observed] {
        [
            "name": .string(name), "dtype": .string(elementType.rawValue), "shape": .ints(shape),
            "initial": .string(initialValue == 0 ? "zeros" : "\(initialValue)"), "trainable": .bool(isTrainable),
        ]
    }
}

extension MetricArguments {
    /// What a metric function was called with, as cases write it.
    var observedMembers: [String: Observed] {
        var members: [String: Observed] = [
            "arguments": .list(
                parameters.map { .list([.string($0), tensors[$0].map { .string($0.name) } ?? .null]) })
        ]
        if let morePositions { members["extra_positional"] = .strings(morePositions.map(\.name)) }
        if let moreNames {
            members["extra_keyword"] = .list(moreNames.map { .strings([$0.key, $0.value.name]) })
        }
        return members
    }
}
