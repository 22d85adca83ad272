import Jobs
import TestSupport
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct TransitionTableTests {
    @Test func finalStatesLeadNowhereAndAllOthersSomewhere() {
        for state in JobState.allCases {
            #expect(TransitionTable.successors(of: state).isEmpty == state.isFinal, "\(state)")
        }
        #expect(
            Set(JobState.allCases.filter(\.isFinal).map(\.rawValue)) == [
                "SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT", "EXPIRED",
            ])
    }

    @Test func everyPairIsAllowedExactlyWhenARowSaysSo() {
        let pairs = Set(TransitionTable.rows.map { [$0.from, $0.to] })
        #expect(pairs.count == TransitionTable.rows.count, "no row twice")
        for from in JobState.allCases {
            for to in JobState.allCases {
                #expect(TransitionTable.allows(from, to) == pairs.contains([from, to]), "\(from) to \(to)")
            }
        }
    }

    @Test func everyStateCanBeReachedFromQueued() {
        var reached: Set<JobState> = [.queued]
        var open: [JobState] = [.queued]
        while let state = open.popLast() {
            for next in TransitionTable.successors(of: state) where reached.insert(next).inserted { open.append(next) }
        }
        #expect(reached == Set(JobState.allCases))
    }

    /// The document says what the table says, line by line and with the same words.
    @Test func theDocumentShowsTheTable() throws {
        let text = try String(contentsOf: ProjectFiles.root.appending(path: "docs/states.md"), encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
        let arrows = lines.filter { $0.contains(" --> ") }
        let drawn = Set(arrows.map(String.init))
        var expected = Set(TransitionTable.rows.map { "\($0.from.rawValue) --> \($0.to.rawValue): \($0.why)" })
        expected.insert("[*] --> QUEUED: submitted")
        for state in JobState.allCases where state.isFinal { expected.insert("\(state.rawValue) --> [*]") }
        #expect(drawn == expected)
        #expect(arrows.count == expected.count)
    }
}
