import API
import Formats
import Testing

@Suite struct APIErrorTests {
    @Test(arguments: [
        (
            APIError.unexpected(JSONPointer(tokens: ["a", "b"]), detail: "is missing"),
            "the answer's \"/a/b\" is missing"
        ),
        (
            .unknownParameter("limmit", nearest: "limit"),
            "the query parameter \"limmit\" is not known here; did you mean \"limit\"?"
        ),
        (.unknownParameter("x", nearest: nil), "the query parameter \"x\" is not known here"),
        (.malformedParameter("limit", detail: "must not be empty"), "the query parameter \"limit\" must not be empty"),
    ])
    func eachIsASentence(error: APIError, words: String) { #expect(error.description == words) }
}
