import API
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
}
