import API
import Daemon
import Reactor
import Testing

@Suite struct CheckFailureProblemTests {
    @Test(arguments: [
        (CheckFailure.busy, ProblemCode.checksBusy), (.clientBusy(waiting: 3), .checksBusy), (.closing, .draining),
        (.cancelled, .overloaded),
        (.tooSlow, .tooExpensive), (.tooMuchTime, .tooExpensive), (.tooMuchMemory, .tooExpensive),
        (.ended(.signaled(11)), .checkFailed), (.malformed("x"), .checkFailed), (.shortage("x"), .checksBusy),
        (.notStarted("x"), .internalError),
    ])
    func eachFailureHasItsCode(failure: CheckFailure, code: ProblemCode) throws {
        let problem = Problem(failure, try ConfigurationLoader(cores: 1).load([]))
        #expect((problem.code, problem.status) == (code.rawValue, code.status))
        #expect(!problem.detail.contains("x\""), "what the operator's log says is not the client's")
    }

    @Test(arguments: [(1, "1 of your specifications waits"), (64, "64 of your specifications wait")])
    func whoHasManyWaitingIsToldHowMany(count: Int, words: String) throws {
        let problem = Problem(.clientBusy(waiting: count), try ConfigurationLoader(cores: 1).load([]))
        #expect(problem.detail.hasPrefix(words + " to be checked already"), "\(problem.detail)")
    }

    @Test(arguments: [("1", "1 second "), ("60", "60 seconds "), ("2.5", "2.5 seconds ")])
    func theLimitIsNamed(setting: String, words: String) throws {
        let configuration = try ConfigurationLoader(cores: 1).load([.flags(["check_timeout_seconds": [setting]])])
        let problem = Problem(.tooSlow, configuration)
        #expect(problem.detail.contains("takes more than \(words)"), "\(problem.detail)")
        #expect(problem.detail.contains("check_timeout_seconds"))
        let memory = Problem(.tooMuchMemory, configuration)
        #expect(memory.detail.contains("\(configuration.checkMemoryBytes) bytes"))
        #expect(memory.detail.contains("check_memory_bytes"))
    }
}
