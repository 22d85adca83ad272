import Jobs
import Testing

@Suite struct AttemptOutcomeTests {
    /// The contract's section 3, one row an outcome; the names are those of the wire and of the database.
    private static let rows: [(AttemptOutcome, String, AttemptOutcome.Consequence)] = [
        (.succeeded, "SUCCEEDED", .ends(.succeeded)), (.userError, "USER_ERROR", .ends(.failed)),
        (.nanLoss, "NAN_LOSS", .ends(.failed)), (.outOfMemory, "OUT_OF_MEMORY", .counts),
        (.crashed, "CRASHED", .counts), (.stalled, "STALLED", .counts), (.preempted, "PREEMPTED", .requeues),
        (.hostFailed, "HOST_FAILED", .requeues), (.inputExhausted, "INPUT_EXHAUSTED", .ends(.failed)),
        (.interrupted, "INTERRUPTED", .requeues), (.timedOut, "TIMED_OUT", .ends(.timedOut)),
        (.cancelled, "CANCELLED", .ends(.cancelled)), (.paused, "PAUSED", .pauses),
    ]

    @Test func eachOutcomeHasItsNameAndItsConsequence() {
        #expect(Self.rows.map(\.0) == AttemptOutcome.allCases)
        for (outcome, name, consequence) in Self.rows {
            #expect(outcome.rawValue == name)
            #expect(AttemptOutcome(rawValue: name) == outcome)
            #expect(outcome.consequence == consequence, "\(name)")
            #expect(outcome.counts == (consequence == .counts), "\(name)")
        }
    }

    @Test func whatEndsAJobEndsItInAFinalState() {
        for outcome in AttemptOutcome.allCases {
            guard case .ends(let state) = outcome.consequence else { continue }
            #expect(state.isFinal, "\(outcome.rawValue)")
        }
    }

    @Test(arguments: ["", "succeeded", "CRASH", "EXPIRED", " CRASHED"])
    func otherWordsAreNotOutcomes(word: String) { #expect(AttemptOutcome(rawValue: word) == nil) }
}
