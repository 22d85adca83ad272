import Jobs
import Testing

@Suite struct HostVerbTests {
    private static let table: [HostState: [HostVerb: HostVerb.Action]] = [
        .up: [.drain: .move(.draining), .undrain: .already, .fail: .move(.down), .repair: .already],
        .draining: [
            .drain: .already, .undrain: .move(.up), .fail: .move(.down),
            .repair: .illegal(allowed: [.drain, .undrain, .fail]),
        ],
        .down: [
            .drain: .illegal(allowed: [.fail, .repair]), .undrain: .illegal(allowed: [.fail, .repair]),
            .fail: .already, .repair: .move(.up),
        ],
    ]

    @Test func everyVerbInEveryState() {
        for state in HostState.allCases {
            for verb in HostVerb.allCases {
                #expect(verb.action(in: state) == Self.table[state]?[verb], "\(verb) in \(state)")
            }
        }
    }

    /// What is said to be allowed is, and nothing else.
    @Test func whatIsAllowedIsNotIllegal() {
        for state in HostState.allCases {
            let legal = HostVerb.allCases.filter { verb in
                if case .illegal = verb.action(in: state) { false } else { true }
            }
            for verb in HostVerb.allCases {
                guard case .illegal(let allowed) = verb.action(in: state) else { continue }
                #expect(allowed == legal)
            }
        }
    }

    /// A verb that was done is done: asked again, it changes nothing.
    @Test func everyVerbIsDoneOnce() {
        for state in HostState.allCases {
            for verb in HostVerb.allCases {
                guard case .move(let next) = verb.action(in: state) else { continue }
                #expect(verb.action(in: next) == .already)
            }
        }
    }
}
