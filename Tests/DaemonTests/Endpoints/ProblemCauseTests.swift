import API
import Daemon
import Glibc
import Jobs
import Reactor
import Store
import Testing

@Suite struct ProblemCauseTests {
    private static let id = JobID(milliseconds: 1, random: (1, 2))

    @Test(arguments: [
        (StoreError.noSuchJob(id), ProblemCode.noSuchJob), (.diskFull, .diskFull),
        (.ioError(code: 10, "secret"), .storeUnavailable), (.resources(code: 7, "secret"), .storeUnavailable),
        (.damagedJob(id, "secret"), .damagedJob), (.closed, .draining),
    ])
    func whatAClientIsTold(error: StoreError, code: ProblemCode) throws {
        let problem = try #require(Problem.of(error))
        #expect((problem.code, problem.status) == (code.rawValue, code.status))
        #expect(!problem.detail.contains("secret"))
    }

    /// What only the operator can do something about is not told to clients.
    @Test(arguments: [
        StoreError.refused("secret"), .damaged("secret"), .database(code: 1, "secret"), .staleAttempt(id, attempt: 1),
        .versionConflict(id, expected: 1, found: 2), .injected(.commit),
    ])
    func theRestIsTheLogs(error: StoreError) { #expect(Problem.of(error) == nil) }

    @Test(arguments: [(EMFILE, true), (ENFILE, true), (ENOMEM, true), (EIO, false), (ENOENT, false)])
    func descriptorsThatRanOutPass(code: Int32, isTold: Bool) {
        let problem = Problem.of(SystemError(call: "open", code: code))
        #expect((problem != nil) == isTold)
        if let problem { #expect(problem.code == ProblemCode.resources.rawValue) }
    }

    @Test func aProblemIsItself() {
        let problem = Problem(404, detail: "x")
        #expect(Problem.of(problem) == problem)
        struct Other: Error {}
        #expect(Problem.of(Other()) == nil)
    }
}
