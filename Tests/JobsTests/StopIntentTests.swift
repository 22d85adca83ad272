import Jobs
import Testing

@Suite struct StopIntentTests {
    private struct Row {
        let intent: StopIntent
        let name: String
        let landing: JobState
        let outcome: AttemptOutcome
        let isGraceful: Bool
        /// Those that it replaces.
        let overrides: Set<StopIntent>
    }

    private static let rows = [
        Row(
            intent: .cancel, name: "CANCEL", landing: .cancelled, outcome: .cancelled, isGraceful: true,
            overrides: [.preempt, .drain, .failHost, .pause]),
        Row(
            intent: .kill, name: "KILL", landing: .cancelled, outcome: .cancelled, isGraceful: false,
            overrides: [.preempt, .drain, .failHost, .pause, .timeOut, .cancel]),
        Row(
            intent: .pause, name: "PAUSE", landing: .paused, outcome: .paused, isGraceful: true,
            overrides: [.preempt, .drain, .failHost]),
        Row(
            intent: .timeOut, name: "TIME_OUT", landing: .timedOut, outcome: .timedOut, isGraceful: true,
            overrides: [.preempt, .drain, .failHost, .pause]),
        Row(
            intent: .preempt, name: "PREEMPT", landing: .queued, outcome: .preempted, isGraceful: true, overrides: []),
        Row(
            intent: .failHost, name: "FAIL_HOST", landing: .queued, outcome: .hostFailed, isGraceful: false,
            overrides: [.preempt, .drain]),
        Row(
            intent: .drain, name: "DRAIN", landing: .queued, outcome: .interrupted, isGraceful: true, overrides: []),
    ]

    @Test func whatEachStopRequestIs() {
        #expect(Self.rows.map(\.intent) == StopIntent.allCases)
        for row in Self.rows {
            #expect(row.intent.rawValue == row.name)
            #expect(row.intent.landing == row.landing, "\(row.name)")
            #expect(row.intent.outcome == row.outcome, "\(row.name)")
            #expect(row.intent.isGraceful == row.isGraceful, "\(row.name)")
            #expect(Set(StopIntent.allCases.filter(row.intent.overrides)) == row.overrides, "\(row.name)")
        }
    }

    /// Whatever comes in whatever order, a job that is stopping never changes its mind without end.
    @Test func replacingIsAStrictOrder() {
        for first in StopIntent.allCases {
            #expect(!first.overrides(first))
            for second in StopIntent.allCases where first.overrides(second) {
                #expect(!second.overrides(first), "\(first.rawValue) and \(second.rawValue) replace each other")
                for third in StopIntent.allCases where second.overrides(third) {
                    #expect(first.overrides(third), "\(first.rawValue), \(second.rawValue), \(third.rawValue)")
                }
            }
        }
    }

    @Test func whatItStopsToIsPermittedFromStopping() {
        for intent in StopIntent.allCases { #expect(TransitionTable.allows(.stopping, intent.landing)) }
    }
}
