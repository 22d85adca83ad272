import API
import Daemon
import HTTP
import HTTPTypes
import Testing

@Suite struct ProblemResponseTests {
    /// There is one vocabulary: what the server itself finds is told in the words of the contract's problems.
    @Test(arguments: HTTPError.Code.allCases) func anErrorOfTheServerHasACodeOfTheContract(_ code: HTTPError.Code)
        throws
    {
        let known = try #require(ProblemCode(rawValue: code.rawValue))
        #expect(known.status == HTTPError(code, "").status.code)
    }

    /// A thousand who are refused at once would otherwise come back at once.
    @Test(arguments: [429, 503]) func whoIsRefusedComesBackAtAnyOfSeveralSeconds(_ status: Int) throws {
        let told = try (0..<1000).map { _ in
            try #require(Problem(status, detail: "busy").response.fields[.retryAfter].flatMap { Int($0) })
        }
        #expect(Set(told) == Set(Problem.comebackSeconds(status)))
        #expect(Problem(404, detail: "nothing").response.fields[.retryAfter] == nil)
    }
}
