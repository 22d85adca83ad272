import Daemon
import HTTP
import Jobs
import Reactor
import Store
import Testing

@Suite struct LongPollTests {
    private static func record(_ state: JobState, version: Int) -> JobRecord {
        let id = JobID(milliseconds: 1, random: (1, 2))
        var record = JobRecord(
            NewJob(
                id: id, name: "a", mode: .train, owner: "o", modelDir: "jobs/\(id)",
                createdAt: Timestamp(microseconds: 0), spec: "{}"))
        record.state = state
        record.version = version
        return record
    }

    private static func poll(_ goal: LongPoll.Goal) throws -> LongPoll {
        let reactor = try EventLoop()
        let polls = LongPolls(
            reactor: reactor,
            source: .init(
                look: { _ in record(.queued, version: 1) }, response: { _ in .text("") }, problem: { _ in .text("") },
                isDraining: { false }))
        return LongPoll(
            job: JobID(milliseconds: 1, random: (1, 2)), goal: goal, ifNoneMatch: nil,
            deadline: MonotonicInstant(nanoseconds: 0), among: polls)
    }

    @Test func aChangeIsAVersionAboveTheKnownOne() throws {
        let poll = try Self.poll(.version(above: 5))
        for (version, isAnswered) in [(4, false), (5, false), (6, true), (Int.max, true)] {
            #expect(poll.isAnswered(by: Self.record(.running, version: version)) == isAnswered, "\(version)")
        }
    }

    /// Nothing comes after a final state: whoever waits for a change of such a job would wait for ever.
    @Test func aFinalStateAnswersEveryone() throws {
        for state in JobState.allCases {
            let record = Self.record(state, version: 5)
            #expect(try Self.poll(.final).isAnswered(by: record) == state.isFinal, "\(state.rawValue)")
            #expect(try Self.poll(.version(above: 5)).isAnswered(by: record) == state.isFinal, "\(state.rawValue)")
        }
    }

    @Test func whoWaitsForTheEndIsNotAnsweredByAChange() throws {
        #expect(try !Self.poll(.final).isAnswered(by: Self.record(.running, version: 99)))
    }
}
