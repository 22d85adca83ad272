import API
import Daemon
import Formats
import Jobs
import Testing
import WorkerProtocol

@Suite struct AcceptedSpecificationTests {
    private static func passed(_ shards: Int?, service: JSON = ["name": "a"]) -> CheckReport.Finding {
        .passed(
            PassedCheck(
                service: service, mode: .train, shards: shards, deviceJob: "worker", specification: Array("{}".utf8),
                plan: nil))
    }

    private static func problem(_ finding: CheckReport.Finding, pod: String = "v2-8") throws -> Problem? {
        do {
            _ = try AcceptedSpecification(finding, pod: Pod(parsing: pod))
            return nil
        } catch let problem as Problem {
            return problem
        }
    }

    @Test func whatPassedHasItsSlice() throws {
        #expect(try AcceptedSpecification(Self.passed(8), pod: Pod(parsing: "v2-8")).slice?.cores == 8)
        let onCPU = try AcceptedSpecification(Self.passed(nil), pod: Pod(parsing: "v2-8"))
        #expect(onCPU.slice == nil)
        #expect((onCPU.request.name, onCPU.passed.deviceJob) == ("a", "worker"))
    }

    /// A pod of small hosts never has a slice that fits a larger one, and 9 cores are no slice at all.
    @Test(arguments: [
        (16, "v2-8", false), (16, "v3-32", true), (8, "4h4c", false), (4, "4h4c", true), (9, "v3-32", false),
    ])
    func whatThePodNeverHasIsAFault(shards: Int, pod: String, fits: Bool) throws {
        let problem = try Self.problem(Self.passed(shards), pod: pod)
        #expect((problem == nil) == fits)
        guard let problem else { return }
        #expect((problem.status, problem.code) == (422, "CANNOT_FIT"))
        #expect(problem.errors.map(\.pointer?.description) == ["/tpu_config/num_shards"])
        #expect(problem.detail.contains("\(shards) cores"))
    }

    @Test func faultsOfTheSpecificationAndOfThePodComeTogether() throws {
        let fault = SpecError(JSONPointer(tokens: ["loss"]), "is missing")
        let both = try #require(try Self.problem(.faulty(FaultyCheck(faults: [fault], more: 3, shards: 16))))
        #expect(both.errors.map(\.pointer?.description) == ["/loss", "/tpu_config/num_shards"])
        #expect(both.detail.contains("3 more"))
        let one = try #require(try Self.problem(.faulty(FaultyCheck(faults: [fault], more: 0, shards: 8))))
        #expect(one.errors.count == 1)
        let unknown = try #require(try Self.problem(.faulty(FaultyCheck(faults: [fault], more: 0, shards: nil))))
        #expect(unknown.errors.count == 1)
    }

    @Test func whatIsUnreadableKeepsItsStatus() throws {
        let problem = try #require(
            try Self.problem(.unreadable(UnreadableCheck(status: 400, code: "MALFORMED_JSON", detail: "line 2"))))
        #expect((problem.status, problem.code, problem.detail) == (400, "MALFORMED_JSON", "line 2"))
    }

    /// The service's part was checked by the process; one that is wrong all the same is the process's fault.
    @Test func aCheckThatSpeaksNonsenseIsNotTheClientsFault() throws {
        #expect {
            try AcceptedSpecification(Self.passed(8, service: ["priority": "x"]), pod: Pod(parsing: "v2-8"))
        } throws: { error in
            if case .malformed? = error as? CheckFailure { true } else { false }
        }
    }
}
