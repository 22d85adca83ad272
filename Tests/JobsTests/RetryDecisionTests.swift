import Jobs
import Testing
import TestSupport

@Suite struct RetryDecisionTests {
    private static func end(_ outcome: AttemptOutcome, ran: Bool = true, daemon: Bool = false) -> AttemptEnd {
        AttemptEnd(outcome: outcome, ranStep: ran, byDaemonsEnd: daemon)
    }

    /// The contract's section 3, one row an outcome.
    private static let first: [(AttemptOutcome, RetryDecision)] = [
        (.succeeded, .finish(.succeeded, reason: nil)),
        (.userError, .finish(.failed, reason: StateReason(rawValue: "USER_ERROR"))),
        (.nanLoss, .finish(.failed, reason: StateReason(rawValue: "NAN_LOSS"))),
        (.inputExhausted, .finish(.failed, reason: StateReason(rawValue: "INPUT_EXHAUSTED"))),
        (.outOfMemory, .wait(seconds: 5)), (.crashed, .wait(seconds: 5)), (.stalled, .wait(seconds: 5)),
        (.preempted, .requeue), (.hostFailed, .requeue), (.interrupted, .requeue),
        (.timedOut, .finish(.timedOut, reason: nil)), (.cancelled, .finish(.cancelled, reason: nil)),
        (.paused, .pause),
    ]

    @Test func everyOutcomeOfAFirstAttempt() {
        #expect(Set(Self.first.map(\.0)) == Set(AttemptOutcome.allCases))
        for (outcome, decision) in Self.first {
            #expect(
                RetryDecision.after(Self.end(outcome), earlier: [], policy: RetryPolicy()) == decision, "\(outcome)")
        }
        #expect(Set(AttemptOutcome.allCases.filter(\.counts)) == [.crashed, .stalled, .outOfMemory])
    }

    @Test func countedAttemptsRunOutWhateverLiesBetween() {
        let earlier = [Self.end(.crashed), Self.end(.preempted), Self.end(.stalled), Self.end(.interrupted)]
        let policy = RetryPolicy(maxAttempts: 3, backoffSeconds: 2)
        #expect(
            RetryDecision.after(Self.end(.outOfMemory), earlier: earlier, policy: policy)
                == .finish(.failed, reason: .maxAttempts))
        #expect(RetryDecision.after(Self.end(.preempted), earlier: earlier, policy: policy) == .requeue)
        #expect(
            RetryDecision.after(Self.end(.crashed), earlier: Array(earlier.dropFirst()), policy: policy)
                == .wait(seconds: 2))
    }

    @Test func fiveInARowWithoutAStepEndTheJob() {
        let idle = Self.end(.interrupted, ran: false)
        let four = Array(repeating: idle, count: 4)
        let policy = RetryPolicy()
        #expect(RetryDecision.after(idle, earlier: Array(four.dropFirst()), policy: policy) == .requeue)
        #expect(RetryDecision.after(idle, earlier: four, policy: policy) == .finish(.failed, reason: .noProgress))
        #expect(RetryDecision.after(Self.end(.interrupted), earlier: four, policy: policy) == .requeue)
        let broken = four.dropLast() + [Self.end(.hostFailed), idle]
        #expect(RetryDecision.after(idle, earlier: Array(broken), policy: policy) == .requeue)
    }

    @Test func attemptsEndedByTheDaemonOrAPauseAreLeftOutOfThat() {
        let idle = Self.end(.interrupted, ran: false)
        let daemon = Self.end(.interrupted, ran: false, daemon: true)
        let paused = Self.end(.paused, ran: false)
        let policy = RetryPolicy()
        #expect(
            RetryDecision.after(daemon, earlier: Array(repeating: daemon, count: 40), policy: policy) == .requeue)
        let mixed = [idle, daemon, idle, paused, idle, idle, daemon]
        #expect(RetryDecision.after(idle, earlier: mixed, policy: policy) == .finish(.failed, reason: .noProgress))
        #expect(RetryDecision.after(daemon, earlier: Array(mixed.dropFirst()), policy: policy) == .requeue)
    }

    @Test func aConditionOfTheMachineNeverCountsAndWaitsLongerEachTime() {
        let policy = RetryPolicy(maxAttempts: 1, backoffSeconds: 5)
        var earlier: [AttemptEnd] = []
        for seconds in [1.0, 2, 4, 8, 16, 32, 60, 60, 60] {
            for condition in MachineCondition.allCases {
                var end = Self.end(.interrupted, ran: false)
                end.condition = condition
                #expect(RetryDecision.after(end, earlier: earlier, policy: policy) == .wait(seconds: seconds))
                #expect(RetryDecision.after(end, earlier: earlier, policy: policy, intent: .pause) == .pause)
                #expect(
                    RetryDecision.after(end, earlier: earlier, policy: policy, intent: .cancel)
                        == .finish(.cancelled, reason: nil))
            }
            earlier.append(
                AttemptEnd(outcome: .interrupted, ranStep: false, condition: MachineCondition.allCases.randomElement()))
        }
        #expect(RetryDecision.after(Self.end(.interrupted, ran: false), earlier: earlier, policy: policy) == .requeue)
        let other = earlier + [Self.end(.interrupted)]
        let full = AttemptEnd(outcome: .interrupted, ranStep: true, condition: .diskFull)
        #expect(RetryDecision.after(full, earlier: other, policy: policy) == .wait(seconds: 1))
    }

    @Test func aStopRequestDecidesUnlessTheJobEndedByItself() {
        let policy = RetryPolicy()
        func decide(_ outcome: AttemptOutcome, _ intent: StopIntent) -> RetryDecision {
            RetryDecision.after(Self.end(outcome), earlier: [], policy: policy, intent: intent)
        }
        #expect(decide(.crashed, .cancel) == .finish(.cancelled, reason: nil))
        #expect(decide(.interrupted, .timeOut) == .finish(.timedOut, reason: nil))
        #expect(decide(.crashed, .pause) == .pause)
        #expect(decide(.crashed, .drain) == .wait(seconds: 5))
        #expect(decide(.succeeded, .cancel) == .finish(.succeeded, reason: nil))
        #expect(decide(.nanLoss, .cancel) == .finish(.failed, reason: StateReason(rawValue: "NAN_LOSS")))
        for intent in StopIntent.allCases {
            let decision = decide(intent.outcome, intent)
            switch intent.landing {
            case .queued: #expect(decision == .requeue)
            case .paused: #expect(decision == .pause)
            case let state: #expect(decision == .finish(state, reason: nil))
            }
        }
    }

    @Test func onlyAnOutcomeThatFailsTheJobIsItsReason() {
        for outcome in AttemptOutcome.allCases {
            let reason = StateReason(ending: outcome)
            #expect((reason != nil) == (outcome.consequence == .ends(.failed)), "\(outcome.rawValue)")
            if let reason { #expect(reason.rawValue == outcome.rawValue) }
        }
    }

    /// Whatever happened before, no job goes on for ever: within a bound of attempts that say something about it, it ends.
    @Test(arguments: UInt64(0)..<50)
    func aJobThatNeverRunsAStepEnds(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let telling = AttemptOutcome.allCases.filter { $0 != .paused }
        let policy = RetryPolicy(maxAttempts: 1 + generator.below(9))
        var earlier: [AttemptEnd] = []
        while earlier.count < RetryDecision.attemptsWithoutStep {
            let end = Self.end(telling.randomElement(using: &generator) ?? .crashed, ran: false)
            if case .finish = RetryDecision.after(end, earlier: earlier, policy: policy) { return }
            earlier.append(end)
        }
        Issue.record("seed \(seed): \(earlier.map(\.outcome.rawValue)) did not end the job")
    }
}
