import API
import Formats
import Jobs
import OrderedCollections
import Testing

@Suite struct JobViewTests {
    private static let time = Timestamp(microseconds: 1_700_000_000_123_000)

    private static func job(spec: JSON?) -> JobView {
        JobView(
            id: JobID(milliseconds: 1_700_000_000_000, random: (1, 2)), name: "j", state: .queued, version: 1,
            mode: .train, owner: "anonymous", createdAt: time, queuedAt: time, maxAttempts: 4, modelDir: "jobs/1",
            spec: spec)
    }

    /// The specification's text goes in as it is: the result is what writing the whole object would make.
    @Test(arguments: [#"{}"#, #"{"mode":"train","name":"ü\n\"","deep":[[{"a":null}]]}"#])
    func aTextOfTheSpecificationIsPutIn(text: String) throws {
        let bytes = Self.job(spec: ["left": "out"]).serialized(spec: text.utf8)
        #expect(try JSON(parsing: bytes) == Self.job(spec: JSON(parsing: text)).wire)
    }

    @Test func withoutASpecificationThereIsNoMember() throws {
        let wire = Self.job(spec: nil).wire
        #expect(wire["spec"] == nil)
        #expect(try JobView(wire: wire).spec == nil)
    }

    @Test func labelsAreByName() {
        let labels = JobView.wire(labels: ["b": "2", "a": "", "c": "3"])
        #expect(labels.object.map { Array($0.keys) } == ["a", "b", "c"])
        #expect(JobView.wire(labels: [:]) == [:])
    }

    @Test(
        arguments: [
            ("state", "DONE", "has the value \"DONE\", which is not known here"), ("id", "x", "is not a job id"),
            ("created_at", "today", "is not an RFC 3339 time"), ("labels", ["a": 1], "is not a string"),
            ("version", 1.5, "is not a whole number"), ("name", nil, "is missing"),
            ("priority", "1", "is not a whole number"),
        ] as [(String, JSON, String)])
    func aMemberThatIsWrongIsNamed(name: String, value: JSON, words: String) {
        var wire = Self.job(spec: [:]).wire
        wire[name] = value
        let error = #expect(throws: APIError.self) { try JobView(wire: wire) }
        #expect(error?.description.contains("\"/\(name)") == true, "\(error?.description ?? "")")
        #expect(error?.description.hasSuffix(words) == true, "\(error?.description ?? "")")
    }
}
