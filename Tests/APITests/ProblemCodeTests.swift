import API
import Testing

@Suite struct ProblemCodeTests {
    @Test(arguments: ProblemCode.allCases) func aCodeSaysWhatItMeansAndComesWithAStatus(_ code: ProblemCode) {
        #expect(Problem.titles[code.status] != nil)
        #expect(code.meaning.count > 15 && !code.meaning.hasSuffix("."))
        #expect(code.rawValue.allSatisfy { $0.isUppercase || $0 == "_" })
        let problem = Problem(code, detail: "d")
        #expect(problem.status == code.status && problem.code == code.rawValue)
    }

    @Test func aStatusHasOneWordWhereNothingMoreIsKnown() {
        #expect(ProblemCode(status: 413) == .bodyTooLarge)
        #expect(ProblemCode(status: 422) == .invalidSpec)
        #expect(ProblemCode(status: 500) == .internalError)
        #expect(ProblemCode(status: 418) == nil)
        #expect(Problem(404, detail: "").code == "NOT_FOUND")
        #expect(Problem(599, detail: "").code == "ERROR")
        for code in ProblemCode.allCases {
            if let general = ProblemCode(status: code.status) { #expect(general.status == code.status) }
        }
    }
}
