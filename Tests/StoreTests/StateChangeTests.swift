import Jobs
import Store
import Testing

@Suite struct StateChangeTests {
    private static func finish(
        _ job: JobRecord, _ end: AttemptEnd, _ move: JobMachine.Move, failure: JobFailure? = nil
    ) -> AttemptFinish {
        AttemptFinish(
            attempt: 1, end: end, endStep: 3, secondsRun: 12.5, failure: failure,
            change: StateChange(job: job.id, version: job.version, move: move, at: TestStore.time(60)))
    }

    @Test(arguments: MachineCondition.allCases)
    func aConditionOfTheMachineIsTheAttemptsCodeAndIsReadBack(condition: MachineCondition) async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .running)
        let end = AttemptEnd(outcome: .interrupted, ranStep: true, condition: condition)
        let move = JobMachine.Move(to: .retryWait, waitSeconds: 1)
        let failure = JobFailure(code: "CRASHED", message: "no room")
        let after = try await fixture.store.finishAttempt(Self.finish(job, end, move, failure: failure))
        #expect(after.state == .retryWait)
        let attempt = try #require(try await fixture.store.attempts(of: job.id).first)
        #expect(attempt.end == end)
        #expect(attempt.failure == JobFailure(code: condition.rawValue, message: "no room"))
        #expect(attempt.secondsRun == 12.5)
    }

    @Test(arguments: [StateReason.maxAttempts, .noProgress])
    func tooManyAttemptsAreToldWithTheLastOnesCause(reason: StateReason) async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .running)
        let failure = JobFailure(code: "CRASHED", message: "the worker was ended by signal 11")
        let after = try await fixture.store.finishAttempt(
            Self.finish(
                job, AttemptEnd(outcome: .crashed, ranStep: false), JobMachine.Move(to: .failed, reason: reason),
                failure: failure))
        #expect(after.failure?.code == reason.rawValue)
        #expect(after.failure?.message.hasSuffix("the last one: CRASHED: the worker was ended by signal 11") == true)
    }

    /// Ends that this program should never make: each is refused for ever, so the job fails with the words.
    @Test(arguments: ["step", "progress", "result", "transition"])
    func anEndThatTheDatabaseRefusesFailsTheJobAsInternal(what: String) async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .running)
        var finish = Self.finish(
            job, AttemptEnd(outcome: .succeeded, ranStep: true), JobMachine.Move(to: .succeeded))
        switch what {
        case "step": finish.endStep = -1
        case "progress": finish.change.progress = "{"
        case "result": finish.change.result = "nan"
        default: finish.change.move = JobMachine.Move(to: .expired)
        }
        let after = try await fixture.store.finishAttempt(finish)
        #expect((after.state, after.stateReason) == (.failed, .internal))
        #expect(after.failure?.code == "INTERNAL")
        #expect(after.failure?.message.contains("could not be stored") == true)
        #expect(try await fixture.store.counts() == [.failed: 1])
        #expect(try await fixture.store.attempts(of: job.id).first?.finishedAt == TestStore.time(60))
    }
}
