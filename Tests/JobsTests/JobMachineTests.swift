import Jobs
import Testing

@Suite struct JobMachineTests {
    typealias Action = JobMachine.Action

    private static func to(_ state: JobState, _ intent: StopIntent? = nil) -> Action {
        .move(JobMachine.Move(to: state, intent: intent))
    }

    /// Every verb in every state: what is not named here is illegal.
    private static let verbs: [(JobState, StopIntent?, [Verb: Action])] = [
        (.queued, nil, [.cancel: to(.cancelled), .kill: to(.cancelled), .pause: to(.paused), .resume: .already]),
        (.retryWait, nil, [.cancel: to(.cancelled), .kill: to(.cancelled), .pause: to(.paused), .resume: .already]),
        (.paused, nil, [.cancel: to(.cancelled), .kill: to(.cancelled), .pause: .already, .resume: to(.queued)]),
        (
            .starting, nil,
            [
                .cancel: to(.stopping, .cancel), .kill: to(.stopping, .kill), .pause: to(.stopping, .pause),
                .resume: .already,
            ]
        ),
        (
            .running, nil,
            [
                .cancel: to(.stopping, .cancel), .kill: to(.stopping, .kill), .pause: to(.stopping, .pause),
                .resume: .already, .checkpoint: .askForCheckpoint,
            ]
        ),
        (.stopping, .cancel, [.cancel: .already, .kill: to(.stopping, .kill)]),
        (.stopping, .kill, [.cancel: .already, .kill: .already]),
        (.stopping, .timeOut, [.cancel: .already, .kill: to(.stopping, .kill)]),
        (
            .stopping, .pause,
            [
                .cancel: to(.stopping, .cancel), .kill: to(.stopping, .kill), .pause: .already,
                .resume: to(.stopping, .preempt),
            ]
        ),
        (
            .stopping, .preempt,
            [
                .cancel: to(.stopping, .cancel), .kill: to(.stopping, .kill), .pause: to(.stopping, .pause),
                .resume: .already,
            ]
        ),
        (
            .stopping, .drain,
            [
                .cancel: to(.stopping, .cancel), .kill: to(.stopping, .kill), .pause: to(.stopping, .pause),
                .resume: .already,
            ]
        ),
        (
            .stopping, .failHost,
            [
                .cancel: to(.stopping, .cancel), .kill: to(.stopping, .kill), .pause: to(.stopping, .pause),
                .resume: .already,
            ]
        ),
        (.cancelled, nil, [.cancel: .already, .kill: .already]),
        (.succeeded, nil, [:]), (.failed, nil, [:]), (.timedOut, nil, [:]), (.expired, nil, [:]),
    ]

    @Test func everyVerbInEveryState() {
        #expect(Set(Self.verbs.map(\.0)) == Set(JobState.allCases))
        #expect(Set(Self.verbs.compactMap(\.1)) == Set(StopIntent.allCases))
        for (state, intent, expected) in Self.verbs {
            let legal = Verb.allCases.filter { expected[$0] != nil }
            for verb in Verb.allCases {
                let action = JobMachine(state: state, intent: intent).ask(verb)
                #expect(action == expected[verb] ?? .illegal(allowed: legal), "\(verb) in \(state) \(intent as Any)")
            }
        }
    }

    @Test func aHeldJobIsResumedByAChangeAndTakesEveryOtherVerbAsUsual() {
        for verb in Verb.allCases {
            let held = JobMachine(state: .queued, isHeld: true).ask(verb)
            #expect(held == (verb == .resume ? Self.to(.queued) : JobMachine(state: .queued).ask(verb)))
        }
        #expect(JobMachine(state: .running, isHeld: true).ask(.resume) == .already)
    }

    @Test func whateverTheMachineAnswersIsInTheTable() {
        let ends = AttemptOutcome.allCases.flatMap { outcome in
            [true, false].map { AttemptEnd(outcome: outcome, ranStep: $0) }
        }
        let places = JobState.allCases.flatMap { state -> [(JobState, StopIntent?)] in
            state == .stopping ? StopIntent.allCases.map { (state, $0) } : [(state, nil)]
        }
        for (state, intent) in places {
            var actions = Verb.allCases.map { JobMachine(state: state, intent: intent).ask($0) }
            actions += StopIntent.allCases.map { JobMachine(state: state, intent: intent).stop($0) }
            actions.append(JobMachine(state: state, intent: intent).workerStarted())
            for end in ends {
                for earlier in [0, 4] {
                    actions.append(
                        JobMachine(state: state, intent: intent).attemptEnded(
                            end, earlier: Array(repeating: end, count: earlier), policy: RetryPolicy()))
                }
            }
            for case .move(let move) in actions {
                #expect(TransitionTable.allows(state, move.to), "\(state) to \(move.to)")
                #expect((move.to == .stopping) == (move.intent != nil))
                #expect((move.to == .retryWait) == (move.waitSeconds != nil))
            }
        }
    }

    @Test func aWorkerThatStartsOrEndsLateChangesNothing() {
        for state in JobState.allCases where !state.holdsResources {
            #expect(JobMachine(state: state).workerStarted() == .already)
            #expect(JobMachine(state: state).stop(.drain) == .already)
            let end = AttemptEnd(outcome: .crashed, ranStep: false)
            #expect(JobMachine(state: state).attemptEnded(end, earlier: [], policy: RetryPolicy()) == .already)
        }
        #expect(JobMachine(state: .starting).workerStarted() == Self.to(.running))
        #expect(JobMachine(state: .stopping, intent: .cancel).workerStarted() == .already)
    }
}
