import API
import Formats
import Jobs
import OrderedCollections
import Testing

@Suite struct WireValueTests {
    /// What each reading takes, what it refuses, and what it says then.
    @Test func everyReadingNamesWhatItFound() throws {
        let id = JobID(milliseconds: 5, random: (1, 2))
        typealias Reading = (WireReader) throws -> String
        let readings: [(Reading, good: JSON, result: String, bad: [JSON], words: String)] = [
            ({ try $0.string() }, "a", "a", [1, nil, []], "is not a string"),
            ({ "\(try $0.int())" }, 7, "7", [7.5, "7", nil], "is not a whole number"),
            ({ "\(try $0.double())" }, 7.5, "7.5", ["7.5", nil, true], "is not a number"),
            ({ "\(try $0.bool())" }, true, "true", [1, "true", nil], "is neither true nor false"),
            (
                { "\(try $0.timestamp().microseconds)" }, "1970-01-01T00:00:01Z", "1000000", ["1970", 1],
                "is not an RFC 3339 time"
            ),
            ({ "\(try $0.jobID())" }, .string(id.description), id.description, ["x", 1], "is not a job id"),
            ({ "\(try $0.elements().count)" }, [1, 2], "2", [[:], "a"], "is not a list"),
            ({ "\(try $0.strings().count)" }, ["a": "b"], "1", [[1], "a"], "is not an object"),
            ({ try $0.choice(JobMode.self).rawValue }, "train", "train", ["fly", 1], "which is not known here"),
        ]
        for (read, good, result, bad, words) in readings {
            let place = JSONPointer(tokens: ["here"])
            #expect(try read(WireReader(good, at: place)) == result)
            for value in bad {
                let error = #expect(throws: APIError.self) { _ = try read(WireReader(value, at: place)) }
                #expect(error?.description.hasPrefix("the answer's \"/here\" ") == true, "\(value)")
                #expect(error?.description.hasSuffix(words) == true, "\(value): \(error?.description ?? "")")
            }
        }
    }

    @Test func aMemberThatIsNullIsNotThere() throws {
        let reader = WireReader(["a": nil, "b": 1])
        #expect(try reader.optional("a")?.json == nil)
        #expect(try reader.optional("c")?.json == nil)
        #expect(try reader.required("b").int() == 1)
        for name in ["a", "c"] {
            #expect(throws: APIError.unexpected(JSONPointer(tokens: [name]), detail: "is missing")) {
                try reader.required(name)
            }
        }
        #expect(throws: APIError.unexpected(.root, detail: "is not an object")) { try WireReader([1]).optional("a") }
    }

    /// The pointer of an element deep inside says where it is.
    @Test func elementsKnowTheirPlace() throws {
        let elements = try WireReader(["a": [["b": 1], ["b": "x"]]]).required("a").elements()
        #expect(try elements[0].required("b").int() == 1)
        let place = try #require(JSONPointer("/a/1/b"))
        #expect(throws: APIError.unexpected(place, detail: "is not a whole number")) {
            try elements[1].required("b").int()
        }
        let strings = WireReader(["a": 1], at: JSONPointer(tokens: ["labels"]))
        let label = try #require(JSONPointer("/labels/a"))
        #expect(throws: APIError.unexpected(label, detail: "is not a string")) { try strings.strings() }
    }
}
