import Jobs
import Testing

@Suite struct JobStateTests {
    /// Each state, its name on the wire, whether it is final, and whether it holds cores and a worker.
    private static let rows: [(JobState, String, Bool, Bool)] = [
        (.queued, "QUEUED", false, false), (.starting, "STARTING", false, true), (.running, "RUNNING", false, true),
        (.stopping, "STOPPING", false, true), (.paused, "PAUSED", false, false),
        (.retryWait, "RETRY_WAIT", false, false), (.succeeded, "SUCCEEDED", true, false),
        (.failed, "FAILED", true, false), (.cancelled, "CANCELLED", true, false), (.timedOut, "TIMED_OUT", true, false),
        (.expired, "EXPIRED", true, false),
    ]

    @Test func whatEachStateIs() {
        #expect(Self.rows.map(\.0) == JobState.allCases)
        for (state, name, isFinal, holds) in Self.rows {
            #expect(state.rawValue == name)
            #expect(state.isFinal == isFinal, "\(name)")
            #expect(state.holdsResources == holds, "\(name)")
        }
    }

    /// Where nothing leads out of a state, its life is over, and only there.
    @Test func finalStatesAreThoseThatTheTableDoesNotLeave() {
        for state in JobState.allCases {
            #expect(state.isFinal == TransitionTable.successors(of: state).isEmpty, "\(state.rawValue)")
        }
    }

    /// Cores are taken by the start of an attempt alone: no other change leads to a state that holds them.
    @Test func onlyAStartTakesCores() {
        for row in TransitionTable.rows where row.to.holdsResources && !row.from.holdsResources {
            #expect(row.to == .starting, "\(row.from.rawValue) to \(row.to.rawValue)")
        }
    }
}
