import API
import Formats
import OrderedCollections
import Testing

@Suite struct ProblemTests {
    @Test func aProblemCrossesTheWireAndBack() throws {
        var problem = Problem(
            409, code: "ILLEGAL_STATE", detail: "no",
            errors: [
                Problem.Fault(pointer: JSONPointer("/train/max_steps"), detail: "too few", code: "X"),
                Problem.Fault(parameter: "limit", detail: "too many"),
            ], extra: ["current_state": "FAILED", "allowed": []])
        problem.instance = "/v1/jobs/1/cancel"
        problem.requestID = "r-1"
        #expect(try Problem(wire: JSON(parsing: problem.wire.serialized())) == problem)
        #expect(
            problem.wire.text == """
                {"type":"about:blank","title":"Conflict","status":409,"detail":"no","instance":"/v1/jobs/1/cancel",\
                "code":"ILLEGAL_STATE","request_id":"r-1","current_state":"FAILED","allowed":[],\
                "errors":[{"pointer":"/train/max_steps","detail":"too few","code":"X"},\
                {"parameter":"limit","detail":"too many"}]}
                """)
    }

    @Test func everyStatusOfTheContractHasItsTitle() {
        let contract = [
            400, 401, 403, 404, 405, 406, 408, 409, 411, 412, 413, 414, 415, 416, 417, 422, 429, 431, 501, 503, 505,
            507,
        ]
        for status in contract { #expect(Problem(status, detail: "").title != "Error", "\(status)") }
        #expect(Problem(599, detail: "").title == "Error")
    }

    @Test func aSingleFaultLendsItsCodeAndWords() {
        let fault = SpecError(JSONPointer(tokens: ["webhooks"]), "is not supported yet", code: SpecError.notSupported)
        let problem = Problem(faults: [fault])
        #expect(problem.code == "NOT_SUPPORTED")
        #expect(problem.detail.contains("/webhooks is not supported yet"))
    }

    @Test func malformedJSONIsA400WithItsPlaceAndAPassedLimitA422() {
        func problem(_ text: String) -> Problem? {
            do throws(JSONError) {
                _ = try JSON(parsing: text)
                return nil
            } catch { return Problem(error) }
        }
        #expect(problem("{\n \"a\": 012}")?.status == 400)
        #expect(problem("{\n \"a\": 012}")?.detail.contains("line 2") == true)
        let deep = String(repeating: "[", count: 201) + String(repeating: "]", count: 201)
        #expect(problem(deep)?.status == 422)
        #expect(problem(deep)?.detail.contains("200") == true)
    }

    @Test func anAnswerThatIsNoProblemIsSaid() {
        #expect(throws: APIError.unexpected(JSONPointer(tokens: ["status"]), detail: "is missing")) {
            try Problem(wire: [:])
        }
    }
}
