import Estimator
import Testing

@Suite struct MonitoredSessionTests {
    /// Notes what it is called for, and fetches what it is told to.
    private final class NotingHook: SessionHook {
        private let name: String
        private let note: (String) -> Void
        private let fetches: [SessionOperation]
        private let stops: Bool

        init(
            _ name: String, fetches: [String] = [], stops: Bool = false, note: @escaping (String) -> Void
        ) {
            self.name = name
            self.note = note
            self.fetches = fetches.map { SessionOperation($0) }
            self.stops = stops
        }

        func begin(_ scope: VariableScope) throws { note("\(name) begin") }
        func sessionCreated(_ session: any Session) throws { note("\(name) created") }
        func beforeRun(_ context: SessionRunContext) throws -> [SessionOperation] {
            note("\(name) before")
            return fetches
        }
        func afterRun(_ context: SessionRunContext, values: [SessionValue]) throws {
            note("\(name) after \(values.count)")
            if stops { context.requestStop() }
        }
        func end(_ session: any Session) throws { note("\(name) end") }
    }

    private final class Notes {
        var all: [String] = []
    }

    @Test func callsHooksInOrderAndHandsEachItsOwnValues() throws {
        let notes = Notes()
        let log = TraceLog()
        let monitored = try MonitoredSession(
            hooks: [
                NotingHook("a", fetches: ["x", "y"]) { notes.all.append($0) },
                NotingHook("b", stops: true) { notes.all.append($0) },
                NotingHook("c", fetches: ["z"]) { notes.all.append($0) },
            ], scope: VariableScope()
        ) {
            notes.all.append("session")
            return ScriptedSession(tracer: log.tracer)
        }
        #expect(!monitored.shouldStop)
        #expect(try monitored.run([SessionOperation("main")]) == [.none])
        #expect(monitored.shouldStop)
        try monitored.end()
        #expect(
            notes.all == [
                "a begin", "b begin", "c begin", "session", "a created", "b created", "c created", "a before",
                "b before", "c before", "a after 2", "b after 0", "c after 1", "a end", "b end", "c end",
            ])
        #expect(
            log.records.map(\.event) == [
                .sessionRun(fetches: ["main", "x", "y", "z"], timeoutMilliseconds: nil), .sessionClose,
            ])
    }

    @Test func failedRunEndsNothing() throws {
        let notes = Notes()
        let monitored = try MonitoredSession(
            hooks: [NotingHook("a") { notes.all.append($0) }], scope: VariableScope()
        ) { ScriptedSession(failures: [.caller: 0]) }
        #expect(throws: InjectedFailure.self) { try monitored.run([SessionOperation("main")]) }
        #expect(notes.all == ["a begin", "a created", "a before"])
    }
}
